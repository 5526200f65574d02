using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Ledger;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>One event to insert.</summary>
/// <param name="Sequence">The number of the estimate that it replaces; null: the next one.</param>
internal sealed record PlannedEvent(SettlementRow Row, UsageEvent Event, long? Sequence);

/// <summary>Statements on usage events and estimates, for whole batches. Only the writer's thread.</summary>
internal sealed class PostgresEvents(PostgresSequence sequence)
{
    /// <summary>The database's clock, which all processes share.</summary>
    public const string NowMicros = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private static readonly string InsertSql = $"""
        INSERT INTO usage_event (sequence, {EventColumns.Inserted})
        SELECT COALESCE(u.sequence, {PostgresSequence.NumberOf("u.ordinal", "$1")}), {EventColumns.Inserted.Replace("tags", "tags::jsonb", StringComparison.Ordinal)}
        FROM unnest({string.Join(", ", Enumerable.Range(2, EventColumns.InsertedCount + 1).Select(i => $"${i}"))}) WITH ORDINALITY AS u (sequence, {EventColumns.Inserted}, ordinal)
        ON CONFLICT (hold_id, attempt) DO NOTHING
        RETURNING hold_id, attempt
        """;

    private static readonly string EventsOfSql = $"SELECT {EventColumns.Selected}, local_day FROM usage_event WHERE hold_id = ANY($1)";

    private const string EstimatesSql = """
        SELECT hold_id, minute_start, hour_start, day_start, month_start FROM orphan_estimate
        WHERE hold_id = ANY($1) AND replaced_at IS NULL ORDER BY hold_id FOR UPDATE
        """;

    /// <summary>What is recorded of holds that were not open.</summary>
    public RecordedUsage Read(NpgsqlConnection connection, Guid[] ids)
    {
        Dictionary<Guid, WindowMicros> windows = [];
        List<(UsageEvent Event, int LocalDay)> events = [];
        new PostgresPipeline(connection)
            .Add(EstimatesSql, row => windows[row.GetGuid(0)] = new WindowMicros(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), ids)
            .Add(EventsOfSql, row => events.Add((EventColumns.Read(row), row.GetInt32(EventColumns.SelectedCount))), ids)
            .Run();
        return new RecordedUsage(windows, events.ToLookup(e => e.Event.HoldId.Value));
    }

    /// <summary>Removes the events of estimates that are being replaced, and marks them so.</summary>
    public void DeleteEstimates(PostgresPipeline pipeline, Guid[] ids) => pipeline
        .Add("DELETE FROM usage_event WHERE hold_id = ANY($1)", null, ids)
        .Add($"UPDATE orphan_estimate SET replaced_at = {NowMicros} WHERE hold_id = ANY($1)", null, ids);

    public void AddEstimates(PostgresPipeline pipeline, List<SettlementRow> rows)
    {
        T[] All<T>(Func<SettlementRow, T> value) => [.. rows.Select(value)];
        pipeline.Add(
            "INSERT INTO orphan_estimate (hold_id, minute_start, hour_start, day_start, month_start) SELECT * FROM unnest($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            null, All(r => r.HoldId.Value), All(r => r.Windows.Minute), All(r => r.Windows.Hour), All(r => r.Windows.Day), All(r => r.Windows.Month));
    }

    /// <summary>Inserts events; <paramref name="inserted"/> receives (hold, attempt) of those that were not recorded yet.</summary>
    public void Insert(PostgresPipeline pipeline, List<PlannedEvent> events, HashSet<(Guid Hold, int Attempt)> inserted)
    {
        // By id: concurrent inserts of one event by two processes wait for each other in one order.
        events.Sort(static (left, right) =>
            (left.Row.HoldId.Value, left.Event.Attempt).CompareTo((right.Row.HoldId.Value, right.Event.Attempt)));
        T[] All<T>(Func<PlannedEvent, T> value) => [.. events.Select(value)];
        string?[] PathsOf(AccountKind kind) => [.. events.Select(p => p.Row.PathOf(kind))];
        pipeline.Add(
            InsertSql, row => inserted.Add((row.GetGuid(0), row.GetInt32(1))),
            sequence.Shift, All(p => p.Sequence), All(p => p.Row.HoldId.Value), All(p => p.Event.Attempt), All(p => p.Row.Path),
            PathsOf(AccountKind.Tenant), PathsOf(AccountKind.Org), PathsOf(AccountKind.Team), PathsOf(AccountKind.User), PathsOf(AccountKind.App),
            All(p => p.Event.Attribution.KeyId), All(p => p.Event.Attribution.Model), All(p => p.Event.Attribution.TimeZone), All(p => p.Row.Tags),
            All(p => p.Event.Operation), All(p => p.Event.Requests),
            All(p => p.Event.Usage.UncachedInput), All(p => p.Event.Usage.CacheRead), All(p => p.Event.Usage.CacheWrite5m), All(p => p.Event.Usage.CacheWrite1h),
            All(p => p.Event.Usage.Output), All(p => p.Event.Usage.Reasoning), All(p => p.Event.Usage.AudioInput), All(p => p.Event.Usage.AudioOutput),
            All(p => p.Event.Cost.Value), All(p => Flag(p.Event.Estimated)), All(p => p.Event.Provider), All(p => p.Event.ProviderModel),
            All(p => p.Event.PriceVersion), All(p => p.Event.Status), All(p => FailedByText.Of(p.Event.FailedBy)), All(p => Flag(p.Event.Streamed)),
            All(p => p.Event.StartedAt.ToMicros()), All(p => p.Row.SettledAt), All(p => p.Row.LocalDay), All(p => p.Event.DurationMicros),
            All(p => p.Event.FirstByteMicros), All(p => p.Event.Usage.Images), All(p => ServiceTiers.NameOf(p.Event.Service)),
            All(p => p.Event.TierAboveTokens), All(p => p.Event.CostMax?.Value), All(p => Flag(p.Event.Journaled)),
            All(p => p.Event.Usage.ImageInput), All(p => p.Event.Usage.ImageOutput), All(p => p.Event.Usage.ImagesMade),
            All(p => p.Event.Usage.AudioMilliseconds), All(p => p.Event.Usage.Characters), All(p => p.Event.Usage.SearchUnits));
    }

    private static short Flag(bool value) => (short)(value ? 1 : 0);
}

/// <summary>What the ledger has of some holds.</summary>
internal sealed record RecordedUsage(Dictionary<Guid, WindowMicros> Estimates, ILookup<Guid, (UsageEvent Event, int LocalDay)> Events)
{
    public static RecordedUsage Nothing { get; } = new([], Array.Empty<(UsageEvent Event, int LocalDay)>().ToLookup(e => e.Event.HoldId.Value));

    /// <summary>The estimate that still stands for the usage of a hold; null when there is none.</summary>
    public StandingEstimate? EstimateOf(HoldId id) =>
        Estimates.TryGetValue(id.Value, out WindowMicros windows) ? StandingEstimate.Of(windows, [.. Events[id.Value]]) : null;
}
