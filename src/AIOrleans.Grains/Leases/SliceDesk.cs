using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Leases;

/// <summary>Gives out the slices of one account while it is hot, and calls them back.</summary>
/// <remarks>Outlives the book, which is loaded anew now and then. Owned by the account's grain, which is its lock: only the waiting itself lets other turns run.</remarks>
internal sealed class SliceDesk(LeaseOptions options, bool isEnabled, TimeProvider time)
{
    /// <summary>Longest wait of one question: as long as the longest life of a slice.</summary>
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(5);

    private readonly AskMeter meter = new(options.AsksPerSecond);
    private readonly List<TaskCompletionSource> bells = [];

    /// <summary>How often slices were wanted back.</summary>
    private long recalls;

    /// <summary>The least that callers of slices that are out were told is left; null: no line.</summary>
    private (long? Requests, long? Tokens) told;

    /// <summary>Completes when the last slice has come back; null while nobody waits for that.</summary>
    private TaskCompletionSource? returned;

    /// <summary>Counts an ask, and puts a slice into its answer if the silo wants one and the account can spare it.</summary>
    /// <param name="mayGrant">False while a slice would be unfair, or unsafe: somebody waits in line, or the ledger does not know everything.</param>
    public AccountAnswer Answer(AccountBook book, in HoldAsk ask, AccountAnswer answer, bool mayGrant, DateTimeOffset now)
    {
        meter.Count(1, now);
        if (!isEnabled || answer.Denied is not null)
        {
            return answer;
        }

        if (book.HasSlices && IsLessThanTold(answer.Headroom))
        {
            Recall();
        }

        if (ask.Slice is not { } wish || !mayGrant || !meter.IsHot)
        {
            return answer;
        }

        wish = wish with { Requests = Math.Min(wish.Requests, options.SliceRequestsMax) };
        told = book.HasSlices ? told : default;
        if (book.TryGrantSlice(HoldId.New(now), ask.Operation, wish, ask.LeaseUntil, now) is not { } slice)
        {
            return answer;
        }

        Headroom left = book.HeadroomAt(now, ask.Operation);
        Headroom shown = new(Half(left.Requests), Half(left.Tokens));
        told = (Larger(told.Requests, shown.Requests), Larger(told.Tokens, shown.Tokens));

        // Saved with the hold: a load finds the slice taken.
        return answer with { Buckets = book.Levels(now), Slice = GrantOf(slice, shown) };
    }

    /// <summary>Wants all slices back and waits for them, no longer than the option says.</summary>
    /// <returns>False when some have not come.</returns>
    public async Task<bool> RecallAsync(AccountBook book)
    {
        returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Recall();
        try
        {
            await returned.Task.WaitAsync(options.RecallWait, time);
            return true;
        }
        catch (TimeoutException)
        {
            return !book.HasSlices;
        }
        finally
        {
            returned = null;
        }
    }

    /// <summary>Takes note that a slice has come back, and of what was admitted from it.</summary>
    public void NoteReturned(AccountBook? book, int calls, DateTimeOffset now)
    {
        meter.Count(calls, now);
        if (book?.HasSlices != true)
        {
            told = default;
            returned?.TrySetResult();
        }
    }

    /// <summary>Waits until slices that were granted at <paramref name="seen"/> are wanted back, no longer than <paramref name="patience"/>.</summary>
    public async Task<bool> AwaitRecallAsync(long seen, TimeSpan patience)
    {
        if (seen != recalls)
        {
            return true;
        }

        // A question that is open keeps the grain from being moved.
        patience = patience < PatienceMax ? patience : PatienceMax;

        var bell = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bells.Add(bell);
        try
        {
            await bell.Task.WaitAsync(patience, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            bells.Remove(bell);
        }
    }

    public static SlicesView? ViewOf(AccountBook book)
    {
        SliceTotals totals = book.SliceTotals;
        return book.HasSlices ? new SlicesView { Count = totals.Count, Requests = totals.Requests, Size = totals.Size } : null;
    }

    /// <summary>Wants all slices back.</summary>
    public void Recall()
    {
        recalls++;
        bells.ForEach(bell => bell.TrySetResult());
    }

    /// <summary>What was told on other silos would no longer be true: they must not go on telling it.</summary>
    private bool IsLessThanTold(Headroom left) => left.Requests?.Remaining < told.Requests || left.Tokens?.Remaining < told.Tokens;

    private SliceGrant GrantOf(Slice slice, Headroom shown) => new()
    {
        Id = slice.Id, Operation = slice.Operation, Requests = slice.Requests, Slots = slice.Slots, Sizes = slice.Sizes, Recalls = recalls, Headroom = shown,
    };

    private static HeadroomLine? Half(HeadroomLine? line) => line is { } known ? known with { Remaining = known.Remaining / 2 } : null;

    private static long? Larger(long? known, HeadroomLine? shown) => shown is { } line && !(known >= line.Remaining) ? line.Remaining : known;
}
