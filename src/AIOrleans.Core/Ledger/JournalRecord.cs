namespace AIOrleans.Core.Ledger;

/// <summary>One record of the outage journal: what the ledger could not be told when it happened.</summary>
public abstract record JournalRecord(HoldId HoldId)
{
    /// <summary>A call was let through on memory alone. The epochs of its grants mean nothing.</summary>
    public sealed record Held(DurableHold Hold) : JournalRecord(Hold.Id);

    /// <summary>What a call has used; its hold may be in the journal, in the ledger, or in both.</summary>
    /// <param name="Events">As in <see cref="Settlement.Events"/>.</param>
    public sealed record Settled(HoldId HoldId, IReadOnlyList<UsageEvent> Events) : JournalRecord(HoldId);
}
