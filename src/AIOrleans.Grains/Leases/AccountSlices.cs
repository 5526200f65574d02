using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Leases;

/// <summary>The slices of one account on this silo.</summary>
/// <remarks>Thread-safe. Lives as long as it has any.</remarks>
internal sealed class AccountSlices(AccountId account)
{
    /// <summary>Where doubling ends: more than any option allows.</summary>
    private const int NextRequestsMax = 16_384;

    private readonly Lock gate = new();

    // The oldest first. A few: each lives for a second, and the next is asked for when one is nearly spent.
    private readonly List<LocalSlice> slices = [];
    private bool isGone;
    private bool isWatched;

    /// <summary>Calls that the next slice should admit.</summary>
    private int nextRequests = SliceBook.FirstRequests;

    public AccountId Account => account;

    /// <summary>Admits a call, or finds it admitted.</summary>
    /// <returns>Null when the account must be asked.</returns>
    public AccountAnswer? TryTake(in HoldAsk ask, long nowStamp, DirectorySnapshot directory)
    {
        lock (gate)
        {
            if (Find(ask.Id) is { } known)
            {
                known.Prolong(ask.Id, ask.LeaseUntil);
                return known.Answer;
            }

            foreach (LocalSlice slice in slices)
            {
                if (!slice.Admits(ask.Operation, nowStamp, directory))
                {
                    continue;
                }

                if (slice == slices[^1] && slice.TryScout())
                {
                    return null;
                }

                if (slice.TryAdmit(ask))
                {
                    return slice.Answer;
                }
            }

            return null;
        }
    }

    /// <summary>Calls that a slice should admit which is asked for now.</summary>
    public int NextRequests(int max)
    {
        lock (gate)
        {
            return Math.Min(nextRequests, max);
        }
    }

    /// <summary>Adds a slice.</summary>
    /// <param name="isToWatch">True when nobody watches yet: the caller must see to it.</param>
    /// <returns>False when this is given up: take a new one.</returns>
    public bool TryAdd(LocalSlice slice, out bool isToWatch)
    {
        lock (gate)
        {
            isToWatch = !isGone && !isWatched;
            if (isGone)
            {
                return false;
            }

            // One was spent before its time was over: the next should last longer.
            bool isBusy = slices.Exists(old => old.Operation == slice.Operation && old.Returning is null && old.IsLow);
            nextRequests = isBusy ? Math.Min(nextRequests * 2, NextRequestsMax) : nextRequests;
            slices.Add(slice);
            isWatched = true;
            return true;
        }
    }

    /// <summary>The slice from which a call in flight was admitted, with <paramref name="use"/> done to it; null when there is none.</summary>
    /// <param name="use">Only while it is not on its way back; null: nothing.</param>
    public LocalSlice? Use(HoldId id, Action<LocalSlice>? use)
    {
        lock (gate)
        {
            LocalSlice? found = Find(id);
            if (found is { Returning: null })
            {
                use?.Invoke(found);
            }

            return found;
        }
    }

    /// <summary>Begins the way back of a slice.</summary>
    /// <returns>What to tell the account; null when it is on its way already.</returns>
    public RetireAsk? TryBeginReturn(LocalSlice slice)
    {
        lock (gate)
        {
            if (slice.Returning is not null)
            {
                return null;
            }

            slice.Returning = new TaskCompletionSource<BucketLevels?>(TaskCreationOptions.RunContinuationsAsynchronously);
            nextRequests = slice.IsLow ? nextRequests : Math.Max(SliceBook.FirstRequests, nextRequests / 2);
            return slice.ToAsk();
        }
    }

    /// <summary>Forgets a slice that has come back.</summary>
    /// <returns>True when it was the last: this is given up.</returns>
    public bool Remove(LocalSlice slice)
    {
        lock (gate)
        {
            slices.Remove(slice);
            return isGone = slices.Count == 0;
        }
    }

    /// <summary>What to wait for next; null, and not watched any more, when all slices are on their way back.</summary>
    public LocalSlice? NextToWatch()
    {
        lock (gate)
        {
            LocalSlice? next = slices.Find(slice => slice.Returning is null);
            isWatched = next is not null;
            return next;
        }
    }

    public IReadOnlyList<LocalSlice> Where(Predicate<LocalSlice> isSo)
    {
        lock (gate)
        {
            return slices.FindAll(slice => slice.Returning is null && isSo(slice));
        }
    }

    private LocalSlice? Find(HoldId id)
    {
        foreach (LocalSlice slice in slices)
        {
            if (slice.Contains(id))
            {
                return slice;
            }
        }

        return null;
    }
}
