using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;

namespace AIOrleans.Testing;

/// <summary>The ledger in memory: the same promises as the real ones, in the fewest words, and faults on order.</summary>
/// <remarks>Thread-safe. What grain tests compare live counters with.</remarks>
public sealed class MemoryLedger : ILedger
{
    private readonly Lock gate = new();
    private readonly MemoryLedgerAccounts accounts = new();
    private readonly Dictionary<HoldId, DurableHold> holds = [];
    private readonly List<UsageEvent> events = [];
    private readonly Dictionary<HoldId, WindowStarts> chargedWindows = [];
    private readonly HashSet<HoldId> replaced = [];
    private long sequence;

    /// <summary>What goes wrong, and when.</summary>
    public MemoryLedgerFaults Faults { get; } = new();

    /// <summary>Open holds.</summary>
    public IReadOnlyList<DurableHold> Holds
    {
        get
        {
            lock (gate)
            {
                return [.. holds.Values];
            }
        }
    }

    /// <summary>Everything recorded, by sequence.</summary>
    public IReadOnlyList<UsageEvent> Events
    {
        get
        {
            lock (gate)
            {
                return [.. events.OrderBy(e => e.Sequence)];
            }
        }
    }

    /// <summary>The account's epoch; 0 when it was never loaded.</summary>
    public long EpochOf(AccountId account)
    {
        lock (gate)
        {
            return accounts.EpochOf(account);
        }
    }

    public Task<AccountSnapshot> LoadAsync(AccountId account, CancellationToken cancellationToken) =>
        RunAsync(LedgerCall.Load, () => accounts.Load(account, holds.Values));

    public Task<HoldOutcome> HoldAsync(DurableHold hold, CancellationToken cancellationToken) => RunAsync(LedgerCall.Hold, () => Hold(hold));

    public Task<ExtendOutcome> ExtendAsync(HoldExtension extension, CancellationToken cancellationToken) =>
        RunAsync(LedgerCall.Extend, () => Extend(extension));

    public Task<SettleOutcome> SettleAsync(Settlement settlement, CancellationToken cancellationToken) =>
        RunAsync(LedgerCall.Settle, () => Settle(settlement));

    public Task<IReadOnlyList<HoldId>> RenewAsync(
        IReadOnlyList<HoldId> holds, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<HoldId>>(LedgerCall.Renew, () => [.. holds.Where(id => Renew(id, leaseUntil))]);

    public Task<IReadOnlyList<DurableHold>> ReadExpiredAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<DurableHold>>(
            LedgerCall.ReadExpired, () => [.. holds.Values.Where(hold => hold.LeaseUntil < now).OrderBy(hold => hold.LeaseUntil).Take(countMax)]);

    /// <remarks>It has no clock: whatever was ever replaced is new to it.</remarks>
    public Task<IReadOnlyList<UsageEvent>> ReadReplacedAsync(TimeSpan reach, int countMax, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<UsageEvent>>(LedgerCall.ReadReplaced, () => [.. events.Where(e => replaced.Contains(e.HoldId)).Take(countMax)]);

    public Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(long afterSequence, int countMax, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<UsageEvent>>(
            LedgerCall.ReadEvents, () => [.. events.Where(e => e.Sequence > afterSequence).OrderBy(e => e.Sequence).Take(countMax)]);

    private async Task<T> RunAsync<T>(LedgerCall call, Func<T> transaction)
    {
        await Faults.BeforeAsync(call);
        T result;
        lock (gate)
        {
            result = transaction();
        }

        Faults.After(call);
        return result;
    }

    private HoldOutcome Hold(DurableHold hold)
    {
        bool isKnown = holds.ContainsKey(hold.Id) || events.Exists(e => e.HoldId == hold.Id);
        if (hold.Grants.Any(grant => accounts.EpochOf(grant.Account) != grant.Epoch))
        {
            return isKnown ? HoldOutcome.Recorded : HoldOutcome.Fenced;
        }

        // A hold that was settled before it came stays settled.
        if (!isKnown)
        {
            holds.Add(hold.Id, hold);
            accounts.Save(hold.Buckets);
        }

        return HoldOutcome.Recorded;
    }

    private ExtendOutcome Extend(HoldExtension extension)
    {
        HoldSizes? open = holds.TryGetValue(extension.Id, out DurableHold? hold) ? new HoldSizes(hold.Worst, hold.Expected) : null;
        if (extension.Grants.Any(grant => accounts.EpochOf(grant.Account) != grant.Epoch))
        {
            return open is { } known && known.Or(extension.Total) == known ? ExtendOutcome.Recorded : ExtendOutcome.Fenced;
        }

        if (hold is null || open is not { } sizes)
        {
            return ExtendOutcome.NotOpen;
        }

        HoldSizes larger = sizes.Or(extension.Total);
        holds[hold.Id] = hold with { Worst = larger.Worst, Expected = larger.Expected };
        accounts.Save(extension.Buckets);
        return ExtendOutcome.Recorded;
    }

    private bool Renew(HoldId id, DateTimeOffset leaseUntil)
    {
        if (!holds.TryGetValue(id, out DurableHold? hold))
        {
            return false;
        }

        holds[id] = hold with { LeaseUntil = hold.LeaseUntil > leaseUntil ? hold.LeaseUntil : leaseUntil };
        return true;
    }

    private SettleOutcome Settle(Settlement settlement)
    {
        Faults.ThrowIfRejected(settlement.HoldId);
        holds.Remove(settlement.HoldId);
        accounts.Save(settlement.Buckets);
        List<UsageEvent> known = events.FindAll(e => e.HoldId == settlement.HoldId);
        if (known.Count > 0 && known.TrueForAll(e => e.IsOrphanEstimate))
        {
            if (!settlement.Events.All(e => e.IsOrphanEstimate))
            {
                Replace(known, settlement);
            }

            return SettleOutcome.AlreadySettled;
        }

        List<UsageEvent> fresh = [.. settlement.Events.Where(e => !known.Exists(old => old.Attempt == e.Attempt))];
        fresh.ForEach(e => Record(e with { Sequence = ++sequence }, settlement.Windows));
        return fresh.Count > 0 ? SettleOutcome.Settled : SettleOutcome.AlreadySettled;
    }

    // The truth takes the estimate's place: its instant, its windows, its cursor.
    private void Replace(List<UsageEvent> estimates, Settlement truth)
    {
        WindowStarts windows = chargedWindows[truth.HoldId];
        replaced.Add(truth.HoldId);
        estimates.ForEach(e => accounts.Charge(e, windows, -1));
        events.RemoveAll(e => e.HoldId == truth.HoldId);
        foreach (UsageEvent e in truth.Events)
        {
            long place = estimates.Find(old => old.Attempt == e.Attempt)?.Sequence ?? ++sequence;
            Record(e with { Sequence = place, SettledAt = estimates[0].SettledAt }, windows);
        }
    }

    private void Record(UsageEvent e, WindowStarts windows)
    {
        events.Add(e);
        chargedWindows[e.HoldId] = windows;
        accounts.Charge(e, windows, 1);
    }
}
