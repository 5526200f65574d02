using System.Collections.Concurrent;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains.Leases;

/// <summary>The slices of hot accounts that this silo admits calls from without asking them.</summary>
/// <remarks>
/// Thread-safe. Nothing here is durable, and nothing need be: a call that is admitted from a slice carries the epoch of the account that granted it, and the
/// ledger refuses it when the account has been loaded anew. A slice that is lost is part of what its account holds until it loads itself.
/// </remarks>
internal sealed class SliceBook(
    SliceReturns returns, IDirectory directory, IOptions<LeaseOptions> options, IOptions<HoldOptions> holdOptions, TimeProvider time)
{
    /// <summary>Calls of the first slice; each that is spent early is followed by one of twice as many.</summary>
    public const int FirstRequests = 16;

    /// <summary>Larger calls are no part of a slice: keeps products of sizes far from overflow.</summary>
    private const long CallSizeMax = long.MaxValue / 100_000;

    private readonly bool isOn = options.Value.IsOn(holdOptions.Value);
    private readonly int requestsMax = options.Value.SliceRequestsMax;

    /// <summary>Ends well before the lease of the slice, and of the calls in it.</summary>
    private readonly TimeSpan life = options.Value.Life < holdOptions.Value.Lease / 3 ? options.Value.Life : holdOptions.Value.Lease / 3;

    /// <summary>Slices that are being asked for: one at a time for each account and operation. Bounded by the calls under way.</summary>
    private readonly ConcurrentDictionary<(AccountId Account, string Operation), byte> wishes = new();

    private ConcurrentDictionary<AccountId, AccountSlices> Accounts => returns.Accounts;

    /// <summary>Admits a call from a slice, or finds it admitted.</summary>
    /// <returns>Null when the account must be asked.</returns>
    public AccountAnswer? TryTake(AccountId account, in HoldAsk ask) =>
        isOn && ask.Line is null && Accounts.TryGetValue(account, out AccountSlices? slices)
            ? slices.TryTake(ask, time.GetTimestamp(), directory.Current)
            : null;

    /// <summary>The ask as it goes to the account: with a wish for a slice, if none is under way.</summary>
    public HoldAsk Wish(AccountId account, in HoldAsk ask)
    {
        bool mayWish = isOn && ask.Line is null && ask.Worst.Tokens < CallSizeMax && ask.Worst.Cost.Value < CallSizeMax && !returns.IsStopping;
        if (!mayWish || !wishes.TryAdd((account, ask.Operation), 0))
        {
            return ask;
        }

        int requests = Accounts.TryGetValue(account, out AccountSlices? slices) ? slices.NextRequests(requestsMax) : Math.Min(FirstRequests, requestsMax);
        return ask with { Slice = new SliceWish(requests, new HoldSizes(Times(ask.Worst, requests), Times(ask.Expected, requests))) };
    }

    /// <summary>Ends what <see cref="Wish"/> began, and keeps the slice that the account has granted.</summary>
    /// <param name="answer">Null when there was none: what it may have granted stays with the account until its lease ends.</param>
    public void Keep(AccountId account, in HoldAsk wished, AccountAnswer? answer)
    {
        if (wished.Slice is null)
        {
            return;
        }

        if (answer?.Slice is { } grant)
        {
            long endsAtStamp = time.GetTimestamp() + (long)(life.TotalSeconds * time.TimestampFrequency);
            returns.Add(account, new LocalSlice(grant, answer, endsAtStamp, directory.Current));
        }

        wishes.TryRemove((account, wished.Operation), out _);
    }

    /// <summary>Takes a call back that was admitted here.</summary>
    /// <returns>False when the account must be told: it was not admitted here, or has been handed over.</returns>
    public async ValueTask<bool> TryUndoAsync(AccountId account, HoldId id)
    {
        if (Find(account, id, slice => slice.Undo(id)) is not { } found)
        {
            return false;
        }

        if (found.Slice.Returning is not { } returning)
        {
            return true;
        }

        await returning.Task;
        return false;
    }

    /// <summary>Takes a call back that the ledger has fenced, and admits no more from its slice: some account of the path has been loaded anew, and it may be this one.</summary>
    public async ValueTask CloseAsync(AccountId account, HoldId id)
    {
        LocalSlice? closed = null;
        if (Find(account, id, slice =>
        {
            slice.Undo(id);
            slice.Close();
            closed = slice;
        }) is not { } found)
        {
            return;
        }

        if (closed is not null)
        {
            returns.Begin(found.Owner, closed);
            return;
        }

        // It is handed over: asked again under the same id, the account finds it.
        await returns.ReturnAsync(found.Owner, found.Slice);
    }

    /// <summary>Takes note of a settlement: the account hears of it when the slice goes back.</summary>
    /// <returns>False when the account must be told now. Levels as of <see cref="IAccountGrain.SettleAsync"/>.</returns>
    public async ValueTask<(bool IsNoted, BucketLevels? Levels)> TrySettleAsync(AccountId account, SettledHold settled)
    {
        bool isPlain = settled is { IsReplay: false, Place: SettlementPlace.Ledger };
        (bool isNoted, bool isOverrun, bool isSpent) = (false, false, false);
        if (Find(account, settled.Id, slice =>
        {
            if (isPlain)
            {
                slice.Note(settled);
                (isNoted, isOverrun, isSpent) = (true, slice.IsOverrun, slice.IsSpent);
            }
        }) is not { } found)
        {
            return (false, null);
        }

        if (!isNoted || isOverrun)
        {
            return (isNoted, await returns.ReturnAsync(found.Owner, found.Slice));
        }

        if (isSpent)
        {
            returns.Begin(found.Owner, found.Slice);
        }

        return (true, null);
    }

    /// <summary>Has the account hold a call by itself that was admitted here: it is to be prolonged or to grow.</summary>
    public async ValueTask HandOverAsync(AccountId account, HoldId id)
    {
        if (Find(account, id, null) is { } found)
        {
            await returns.ReturnAsync(found.Owner, found.Slice);
        }
    }

    private (AccountSlices Owner, LocalSlice Slice)? Find(AccountId account, HoldId id, Action<LocalSlice>? use) =>
        isOn && Accounts.TryGetValue(account, out AccountSlices? slices) && slices.Use(id, use) is { } slice ? (slices, slice) : null;

    private static HoldSize Times(in HoldSize size, int count) => new(size.Tokens * count, new NanoUsd(size.Cost.Value * count));
}
