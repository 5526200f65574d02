using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage.Ledger;

/// <summary>What an orphan keeper charged for a hold, as long as the true usage has not replaced it.</summary>
/// <param name="Windows">Where it was charged, and where the true usage must be charged instead: the sums of the ledger keep agreeing with the windows.</param>
internal sealed record StandingEstimate(WindowMicros Windows, IReadOnlyList<UsageEvent> Events, int LocalDay)
{
    /// <summary>An estimate of the events recorded for one hold, each with its local day.</summary>
    public static StandingEstimate Of(WindowMicros windows, List<(UsageEvent Event, int LocalDay)> events) =>
        new(windows, [.. events.Select(e => e.Event)], events[0].LocalDay);

    /// <summary>The true usage at the place of the estimate: same settling instant, same windows.</summary>
    public SettlementRow Replace(SettlementRow truth) =>
        truth with { Windows = Windows, LocalDay = LocalDay, SettledAt = Events[0].SettledAt.ToMicros() };

    /// <summary>The cursor of the estimate's event for the same attempt is kept; null for an attempt the keeper knew nothing of.</summary>
    public long? SequenceOf(int attempt) => Events.FirstOrDefault(e => e.Attempt == attempt)?.Sequence;
}
