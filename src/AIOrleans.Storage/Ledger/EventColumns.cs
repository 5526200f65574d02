using System.Data.Common;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;

namespace AIOrleans.Storage.Ledger;

/// <summary>How an event is read back, in both databases: the columns by position.</summary>
internal static class EventColumns
{
    /// <summary>For SELECT, in the order that <see cref="Read"/> expects.</summary>
    public const string Selected = """
        sequence, hold_id, attempt, path, key_id, model, time_zone, tags, operation, requests,
        uncached_input, cache_read, cache_write_5m, cache_write_1h, output, reasoning, audio_input, audio_output,
        cost_nano, estimated, provider, provider_model, price_version, status, failed_by, streamed,
        started_at, settled_at, duration_micros, first_byte_micros, images, service, tier_above_tokens, cost_max_nano,
        journaled, image_input, image_output, images_made, audio_ms, characters, search_units
        """;

    /// <summary>How many columns <see cref="Selected"/> has: what is selected behind it begins here.</summary>
    public const int SelectedCount = 41;

    /// <summary>For INSERT, after <c>sequence</c>; the order in which both databases bind.</summary>
    public const string Inserted = """
        hold_id, attempt, path, tenant, org, team, user_id, app, key_id, model, time_zone, tags, operation, requests,
        uncached_input, cache_read, cache_write_5m, cache_write_1h, output, reasoning, audio_input, audio_output,
        cost_nano, estimated, provider, provider_model, price_version, status, failed_by, streamed,
        started_at, settled_at, local_day, duration_micros, first_byte_micros, images, service, tier_above_tokens, cost_max_nano,
        journaled, image_input, image_output, images_made, audio_ms, characters, search_units
        """;

    /// <summary>How many columns <see cref="Inserted"/> has.</summary>
    public const int InsertedCount = 46;

    /// <summary>Reads the current row.</summary>
    /// <param name="row">Positioned on a row of <see cref="Selected"/>.</param>
    public static UsageEvent Read(DbDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        HoldId = ReadId(row, 1),
        Attempt = row.GetInt32(2),
        Path = PathText.ReadPath(row.GetString(3)),
        Attribution = new Attribution(row.GetString(4), row.GetString(5), row.GetString(6), TagText.Read(row.GetString(7))),
        Operation = row.GetString(8),
        Requests = row.GetInt32(9),
        Usage = ReadUnits(row, 35, ReadUsage(row, 10) with { Images = row.GetInt64(30) }),
        Cost = new NanoUsd(row.GetInt64(18)),
        Estimated = row.GetInt16(19) != 0,
        Provider = row.GetString(20),
        ProviderModel = row.GetString(21),
        PriceVersion = row.GetString(22),
        Status = row.GetInt32(23),
        FailedBy = FailedByText.Read(row.GetString(24)),
        Streamed = row.GetInt16(25) != 0,
        StartedAt = Instants.FromMicros(row.GetInt64(26)),
        SettledAt = Instants.FromMicros(row.GetInt64(27)),
        DurationMicros = row.GetInt64(28),
        FirstByteMicros = row.IsDBNull(29) ? null : row.GetInt64(29),
        Service = ServiceTiers.Parse(row.GetString(31)),
        TierAboveTokens = row.GetInt64(32),
        CostMax = row.IsDBNull(33) ? null : new NanoUsd(row.GetInt64(33)),
        Journaled = row.GetInt16(34) != 0,
    };

    /// <summary>A hold id: a UUID in PostgreSQL, 16 big-endian bytes in SQLite.</summary>
    public static HoldId ReadId(DbDataReader row, int column) =>
        new(row.GetValue(column) is Guid id ? id : new Guid((byte[])row.GetValue(column), bigEndian: true));

    /// <summary>Eight token classes from <paramref name="first"/> on.</summary>
    public static TokenUsage ReadUsage(DbDataReader row, int first) => new()
    {
        UncachedInput = row.GetInt64(first),
        CacheRead = row.GetInt64(first + 1),
        CacheWrite5m = row.GetInt64(first + 2),
        CacheWrite1h = row.GetInt64(first + 3),
        Output = row.GetInt64(first + 4),
        Reasoning = row.GetInt64(first + 5),
        AudioInput = row.GetInt64(first + 6),
        AudioOutput = row.GetInt64(first + 7),
    };

    /// <summary>The same with six more columns from <paramref name="first"/> on: tokens of images, and units.</summary>
    public static TokenUsage ReadUnits(DbDataReader row, int first, in TokenUsage usage) => usage with
    {
        ImageInput = row.GetInt64(first),
        ImageOutput = row.GetInt64(first + 1),
        ImagesMade = row.GetInt64(first + 2),
        AudioMilliseconds = row.GetInt64(first + 3),
        Characters = row.GetInt64(first + 4),
        SearchUnits = row.GetInt64(first + 5),
    };
}
