using AIOrleans.Core.Ledger;
using AIOrleans.Core.Objects;

namespace AIOrleans.Core.Limits;

/// <content>Slices: holds ahead of calls that silos admit without asking. Each is one entry among the holds, so that every limit counts it.</content>
public sealed partial class AccountBook
{
    /// <summary>A slice of fewer calls costs more than it saves.</summary>
    private const int SliceRequestsMin = 2;

    /// <summary>The entries of <see cref="holds"/> that are slices.</summary>
    private readonly OpenHolds slices = new();

    public bool HasSlices => slices.Count > 0;

    public SliceTotals SliceTotals => new(slices.Count, slices.Worst[TallyColumns.Requests], slices.Worst.Size);

    /// <summary>Holds a slice, as large as every limit can spare, or none where one of them is short.</summary>
    /// <remarks>Debited like a hold, from buckets too: what is admitted from it needs no other room, and <c>settled + held &lt;= amount</c> stays true by itself.</remarks>
    /// <param name="id">Of the slice.</param>
    /// <param name="leaseUntil">When it is overdue, like a hold.</param>
    public Slice? TryGrantSlice(HoldId id, string operation, in SliceWish wish, DateTimeOffset leaseUntil, DateTimeOffset now)
    {
        wish.ThrowIfAbsurd();
        windows.Reach(now.UtcTicks);
        int column = columns.Of(operation);

        // Batches are few, and their tokens count for no rate.
        if (operation == BatchWork.Operation || TryShare(column, wish, now) is not { } share)
        {
            return null;
        }

        int slots = share.Requests;
        if (config.Limits.Concurrent is { } max)
        {
            slots = (int)Math.Min(slots, SliceShare.AllowanceOf(max - holds.Slots, slices.Slots));
        }

        if (share.Requests < SliceRequestsMin || slots < 1)
        {
            return null;
        }

        var sizes = new HoldSizes(PartOf(share, wish.Sizes.Worst), PartOf(share, wish.Sizes.Expected));
        (int requestsTaken, long tokensTaken) = rates.TakeMany(share.Requests, sizes.Expected.Tokens, now);
        var entry = new HeldEntry(
            TallyEntry.Of(column, share.Requests, sizes.Worst), TallyEntry.Of(column, share.Requests, sizes.Expected), tokensTaken, requestsTaken,
            leaseUntil.UtcTicks, slots);
        holds.Add(id, entry);
        slices.Add(id, entry);
        return new Slice(id, operation, share.Requests, slots, sizes);
    }

    /// <summary>Puts what was admitted from a slice in its place, and frees the rest of it.</summary>
    /// <param name="settled">Counted as if each had been held here.</param>
    /// <param name="open">Held from now on.</param>
    /// <returns>False when there is no such slice, because it has come back already: nothing was changed.</returns>
    public bool TryRetire(HoldId id, IReadOnlyList<SettledCall> settled, IReadOnlyList<OpenHold> open, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(settled);
        ArgumentNullException.ThrowIfNull(open);
        windows.Reach(now.UtcTicks);
        if (!slices.TryRemove(id, out HeldEntry entry))
        {
            return false;
        }

        holds.TryRemove(id, out _);
        bool takesRequests = entry.RequestsTaken > 0;
        int requestsLeft = entry.RequestsTaken;
        long tokensGone = 0;
        foreach (SettledCall call in settled)
        {
            // A call that was held here as well, because the ledger went away in between, counts once.
            TryUndo(call.Id, now);
            windows.Add(call.SettledAt.UtcTicks, TallyEntry.Of(columns.Of(call.Usage.Operation), call.Usage.Requests, call.Usage.Used));
            tokensGone += call.Usage.Used.Tokens;
            requestsLeft -= takesRequests && !call.IsGivenBack ? 1 : 0;
        }

        foreach (OpenHold call in open)
        {
            if (holds.Contains(call.Id))
            {
                continue;
            }

            long tokensTaken = entry.TokensTaken > 0 ? call.Expected.Tokens : 0;
            HoldAs(call, tokensTaken, takesRequests ? 1 : 0);
            tokensGone += tokensTaken;
            requestsLeft -= takesRequests ? 1 : 0;
        }

        rates.GiveBack(requestsLeft, 0, now);
        isOverrun |= rates.Settle(entry.TokensTaken, tokensGone, now);
        return true;
    }

    /// <summary>False when <paramref name="ask"/> would be refused also if every slice came back unused.</summary>
    public bool CouldFitWithoutSlices(in HoldAsk ask, DateTimeOffset now)
    {
        ask.ThrowIfAbsurd();
        windows.Reach(now.UtcTicks);
        int operation = columns.Of(ask.Operation);
        TallyEntry worst = TallyEntry.Of(operation, 1, ask.Worst);
        TallyEntry expected = TallyEntry.Of(operation, 1, ask.Expected);
        foreach (QuotaMeter quota in quotas)
        {
            if (quota.IsEnforced && quota.AppliesTo(operation) && quota.AskedOf(worst, expected) > quota.Room(now.UtcTicks) + quota.HeldBy(slices))
            {
                return false;
            }
        }

        (long requestsBack, long tokensBack) = slices.Taken();
        return (config.Limits.Concurrent is not { } max || holds.Slots - slices.Slots < max)
            && rates.CouldFit(ask.Expected.Tokens, requestsBack, tokensBack, now);
    }

    private SliceShare? TryShare(int operationColumn, in SliceWish wish, DateTimeOffset now)
    {
        var share = new SliceShare(wish.Requests);
        TallyEntry worst = TallyEntry.Of(operationColumn, wish.Requests, wish.Sizes.Worst);
        TallyEntry expected = TallyEntry.Of(operationColumn, wish.Requests, wish.Sizes.Expected);
        foreach (QuotaMeter quota in quotas)
        {
            if (quota.IsEnforced && quota.AppliesTo(operationColumn))
            {
                share.Limit(
                    quota.AskedOf(worst, expected),
                    SliceShare.AllowanceOf(quota.Room(now.UtcTicks), quota.HeldBy(slices), quota.Config.Amount / SliceShare.QuotaShare));
            }
            else if (!quota.IsEnforced && !quota.Fits(worst, expected, now.UtcTicks))
            {
                // What would be denied is counted call by call.
                return null;
            }
        }

        (long? requestsFree, long? tokensFree) = rates.Available(now);
        (long requestsOut, long tokensOut) = slices.Taken();
        share.Limit(requestsFree is null ? 0 : wish.Requests, SliceShare.AllowanceOf(requestsFree ?? 0, requestsOut));
        share.Limit(tokensFree is null ? 0 : wish.Sizes.Expected.Tokens, SliceShare.AllowanceOf(tokensFree ?? 0, tokensOut));
        return share;
    }

    private void HoldAs(in OpenHold hold, long tokensTaken, int requestsTaken)
    {
        int operation = columns.Of(hold.Operation);
        holds.Add(hold.Id, new HeldEntry(
            TallyEntry.Of(operation, 1, hold.Worst), TallyEntry.Of(operation, 1, hold.Expected), tokensTaken, requestsTaken, hold.LeaseUntil.UtcTicks));
    }

    private static HoldSize PartOf(in SliceShare share, in HoldSize total) => new(share.PartOf(total.Tokens), new(share.PartOf(total.Cost.Value)));

    private static HoldSize Less(in HoldSize all, in HoldSize some) => new(all.Tokens - some.Tokens, new(all.Cost.Value - some.Cost.Value));
}
