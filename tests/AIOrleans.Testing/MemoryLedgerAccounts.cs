using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Testing;

/// <summary>Epochs, windows and bucket levels of <see cref="MemoryLedger"/>, which is its lock.</summary>
internal sealed class MemoryLedgerAccounts
{
    private static readonly StoredPeriod[] Periods = Enum.GetValues<StoredPeriod>();

    private readonly Dictionary<AccountId, long> epochs = [];
    private readonly Dictionary<AccountId, BucketLevels> buckets = [];
    private readonly Dictionary<(AccountId Account, StoredPeriod Period, DateTimeOffset StartsAt, string Operation), WindowTotals> windows = [];

    public long EpochOf(AccountId account) => epochs.GetValueOrDefault(account);

    /// <summary>Begins an epoch.</summary>
    public AccountSnapshot Load(AccountId account, IEnumerable<DurableHold> holds)
    {
        epochs[account] = EpochOf(account) + 1;
        return new AccountSnapshot(
            account,
            epochs[account],
            [.. windows.Where(window => window.Key.Account == account).Select(window => window.Value)],
            [
                .. holds.Where(hold => hold.Grants.Any(grant => grant.Account == account))
                    .Select(hold => new OpenHold(hold.Id, hold.Operation, hold.Worst, hold.Expected, hold.LeaseUntil)),
            ],
            buckets.GetValueOrDefault(account));
    }

    /// <summary>Keeps the newest levels of each account.</summary>
    public void Save(IEnumerable<BucketLevels> levels)
    {
        foreach (BucketLevels level in levels)
        {
            if (!buckets.TryGetValue(level.Account, out BucketLevels? known)
                || (level.Epoch, level.Sequence).CompareTo((known.Epoch, known.Sequence)) > 0)
            {
                buckets[level.Account] = level;
            }
        }
    }

    /// <summary>Adds an event to the windows of its path; <paramref name="sign"/> −1 takes it away.</summary>
    public void Charge(UsageEvent e, in WindowStarts starts, int sign)
    {
        foreach (AccountId account in e.Path)
        {
            foreach (StoredPeriod period in Periods)
            {
                var key = (account, period, starts[period], e.Operation);
                WindowTotals sum = windows.GetValueOrDefault(key, new WindowTotals(period, starts[period], e.Operation, 0, 0, default));
                windows[key] = sum with
                {
                    Requests = sum.Requests + (sign * e.Requests),
                    Tokens = sum.Tokens + (sign * e.Usage.Total),
                    Cost = sum.Cost + new NanoUsd(sign * e.Cost.Value),
                };
            }
        }
    }
}
