using System.Collections.Concurrent;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Requests;

/// <summary>Bucket levels that settlements have lowered since the ledger heard of them: the next settlement of the account takes them along.</summary>
/// <remarks>Thread-safe. What is lost here is what a re-activated account hands out too much, once, and at most one overrun of each call.</remarks>
internal sealed class UnsavedLevels
{
    /// <summary>Accounts kept, some 100 bytes each; when full all are dropped.</summary>
    private const int CountMax = 20_000;

    private readonly ConcurrentDictionary<AccountId, BucketLevels> levels = new();

    /// <summary>Keeps the newest ones of each account.</summary>
    public void Keep(IReadOnlyList<BucketLevels> lowered)
    {
        if (lowered.Count > 0 && levels.Count >= CountMax)
        {
            levels.Clear();
        }

        foreach (BucketLevels fresh in lowered)
        {
            levels.AddOrUpdate(
                fresh.Account, fresh,
                (_, known) => (fresh.Epoch, fresh.Sequence).CompareTo((known.Epoch, known.Sequence)) > 0 ? fresh : known);
        }
    }

    /// <summary>Removes and returns those of <paramref name="path"/>.</summary>
    public IReadOnlyList<BucketLevels> TakeOf(IReadOnlyList<AccountId> path)
    {
        if (levels.IsEmpty)
        {
            return [];
        }

        var taken = new List<BucketLevels>();
        foreach (AccountId account in path)
        {
            if (levels.TryRemove(account, out BucketLevels? lowered))
            {
                taken.Add(lowered);
            }
        }

        return taken;
    }
}
