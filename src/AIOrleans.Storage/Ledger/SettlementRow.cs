using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Usage;

namespace AIOrleans.Storage.Ledger;

/// <summary>The starts of the stored periods, in microseconds since 1970 UTC.</summary>
internal readonly record struct WindowMicros(long Minute, long Hour, long Day, long Month)
{
    public static WindowMicros Of(WindowStarts starts) =>
        new(starts.Minute.ToMicros(), starts.Hour.ToMicros(), starts.Day.ToMicros(), starts.Month.ToMicros());
}

/// <summary>What the rows of all attempts of one settlement share, made by the caller's thread.</summary>
internal sealed record SettlementRow
{
    /// <summary>Most attempts of one request. With 4,000 settlements in a batch, its events can be numbered in 16 bits (PostgresSequence).</summary>
    public const int AttemptsMax = 16;

    private readonly PathTexts path;

    private SettlementRow(Settlement settlement, PathTexts path)
    {
        this.path = path;
        Settlement = settlement;
        Windows = WindowMicros.Of(settlement.Windows);
        Attribution attribution = settlement.Events[0].Attribution;
        Tags = TagText.Of(attribution.Tags);
        LocalDay = LocalDayOf(settlement, attribution.TimeZone);
        SettledAt = settlement.Events[0].SettledAt.ToMicros();
        IsEstimate = settlement.Events.All(e => e.IsOrphanEstimate);
    }

    public Settlement Settlement { get; }

    public HoldId HoldId => Settlement.HoldId;

    public IReadOnlyList<UsageEvent> Events => Settlement.Events;

    public string Path => path.Text;

    public string Tags { get; }

    /// <summary>The windows charged; for a replaced estimate, those that the estimate charged.</summary>
    public WindowMicros Windows { get; init; }

    /// <summary>Day of the settlement in the tenant's zone, as yyyymmdd.</summary>
    public int LocalDay { get; init; }

    public long SettledAt { get; init; }

    /// <summary>Settled by the keeper of an orphan: the true usage may still come and replace it.</summary>
    public bool IsEstimate { get; }

    /// <exception cref="ArgumentException">The settlement could not be written; the message says why.</exception>
    public static SettlementRow Of(Settlement settlement)
    {
        RowChecks.That(settlement.Events.Count > 0, "A settlement has no event.");
        RowChecks.That(settlement.Events.Count <= AttemptsMax, $"A settlement has more than {AttemptsMax} attempts.");
        RowChecks.That(settlement.Path.Count > 0, "A settlement has no path.");
        var path = PathTexts.Of(settlement.Path);
        HashSet<int>? attempts = settlement.Events.Count > 1 ? [] : null;
        foreach (UsageEvent e in settlement.Events)
        {
            RowChecks.That(e.HoldId == settlement.HoldId, "An event belongs to another hold than its settlement.");
            RowChecks.That(attempts?.Add(e.Attempt) ?? true, "Two events of a settlement have the same attempt.");
            RowChecks.That(ReferenceEquals(e.Path, settlement.Path) || e.Path.SequenceEqual(settlement.Path), "Events of one settlement have different paths.");
            RowChecks.That(e.Usage.Total >= 0 && IsCounted(e.Usage.ToUnits()) && e.Cost.Value >= 0 && e.Requests >= 0, "An event is negative.");
            RowChecks.Attribution(e.Attribution);
            RowChecks.Text(e.Operation);
            RowChecks.Text(e.Provider);
            RowChecks.Text(e.ProviderModel);
            RowChecks.Text(e.PriceVersion);
        }

        return new SettlementRow(settlement, path);
    }

    private static bool IsCounted(in UsageUnits units) =>
        units is { Images: >= 0, ImagesMade: >= 0, AudioMilliseconds: >= 0, Characters: >= 0, SearchUnits: >= 0 };

    /// <summary>The path of the first account of <paramref name="kind"/>: what reports group by.</summary>
    public string? PathOf(AccountKind kind) => path[kind];

    private static int LocalDayOf(Settlement settlement, string timeZone)
    {
        // Without the zone on this machine, the day's start as the caller's calendar gave it is the best there is.
        DateTimeOffset local = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out TimeZoneInfo? zone)
            ? TimeZoneInfo.ConvertTime(settlement.Events[0].SettledAt, zone)
            : settlement.Windows.Day;
        return (local.Year * 10_000) + (local.Month * 100) + local.Day;
    }
}
