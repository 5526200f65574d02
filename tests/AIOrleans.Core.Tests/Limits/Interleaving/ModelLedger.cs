using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>The part of the durable ledger that concerns one account: summed windows, open holds, last levels, epoch.</summary>
internal sealed class ModelLedger(AccountId account, TimeZoneInfo zone)
{
    private readonly Dictionary<(StoredPeriod Period, DateTimeOffset StartsAt, string Operation), WindowTotals> windows = [];
    private readonly Dictionary<HoldId, OpenHold> holds = [];
    private BucketLevels? levels;

    public long Epoch { get; private set; }

    /// <summary>Last saved levels; a bucket that was not configured at that time has none.</summary>
    public BucketLevels? Levels => levels;

    public bool IsOpen(HoldId id) => holds.ContainsKey(id);

    public AccountSnapshot Load()
    {
        Epoch++;
        return Peek();
    }

    /// <summary>What a load would find, without beginning an epoch.</summary>
    public AccountSnapshot Peek() => new(account, Epoch, [.. windows.Values], [.. holds.Values], levels);

    public void Hold(in HoldAsk ask, BucketLevels? saved)
    {
        holds.Add(ask.Id, new OpenHold(ask.Id, ask.Operation, ask.Worst, ask.Expected, ask.LeaseUntil));

        // A slice brings the levels of when it was granted, and others have brought newer ones since.
        bool isNewer = saved is not null && (levels is null || (saved.Epoch, saved.Sequence).CompareTo((levels.Epoch, levels.Sequence)) > 0);
        levels = isNewer ? saved : levels;
    }

    public void Extend(in HoldAsk grown, BucketLevels? saved)
    {
        holds[grown.Id] = holds[grown.Id] with { Worst = grown.Worst, Expected = grown.Expected };
        levels = saved ?? levels;
    }

    public void Renew(HoldId id, DateTimeOffset leaseUntil) => holds[id] = holds[id] with { LeaseUntil = leaseUntil };

    public void Settle(HoldId id, in SettledUsage used, DateTimeOffset settledAt, BucketLevels? saved)
    {
        holds.Remove(id);
        levels = saved ?? levels;
        WindowStarts starts = WindowStarts.At(settledAt, zone);
        foreach (StoredPeriod period in Enum.GetValues<StoredPeriod>())
        {
            var key = (period, starts[period], used.Operation);
            WindowTotals old = windows.GetValueOrDefault(key, new WindowTotals(period, starts[period], used.Operation, 0, 0, NanoUsd.Zero));
            windows[key] = old with
            {
                Requests = old.Requests + used.Requests,
                Tokens = old.Tokens + used.Used.Tokens,
                Cost = old.Cost + used.Used.Cost,
            };
        }
    }
}
