using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Health;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Accounts;

/// <content>Slices of a hot account: silos admit from them without asking, and nobody is refused while they have what is missing.</content>
internal sealed partial class AccountGrain
{
    /// <summary>False while a slice would let calls pass those that wait in line, or while the ledger does not know everything.</summary>
    private bool MayGrantSlice => line.IsEmpty && journaled.IsEmpty && !source.IsInDoubt;

    public async Task<BucketLevels?> RetireAsync(RetireAsk ask)
    {
        // It interleaves, because an ask may be waiting for it, but not with a load: that may or may not have seen what is told here.
        await source.WhenLoadedAsync();
        DateTimeOffset now = time.GetUtcNow();
        AccountBook? book = source.Book;
        if (book?.Epoch != ask.Epoch)
        {
            // Loaded anew: whatever was admitted is in the ledger, or refused there. Calls in flight are held by id, or gone.
            foreach (SettledHold settled in ask.Settled)
            {
                Settle(settled, now);
            }
        }
        else if (book.TryRetire(ask.Id, [.. ask.Settled.Select(CallOf)], [.. ask.Open.Select(call => HoldOf(call, ask.Operation))], now))
        {
            foreach (SettledHold settled in ask.Settled)
            {
                Observe(settled);
            }
        }

        desk.NoteReturned(book, ask.Settled.Length + ask.Open.Length, now);
        line.Ring();
        CrossedQuotas.Tell(book, now, logger);
        return book?.OverrunLevels(now);
    }

    public async Task<bool> AwaitRecallAsync(long epoch, long recalls, TimeSpan patience) =>
        source.Book?.Epoch != epoch || await desk.AwaitRecallAsync(recalls, patience);

    /// <summary>True when slices that are out may have what <paramref name="ask"/> lacks. Who wants to wait in line may not be overtaken by them either.</summary>
    private bool MayFitWithSlices(AccountBook book, in HoldAsk ask) =>
        book.HasSlices && (ask.Line is not null || book.CouldFitWithoutSlices(ask, time.GetUtcNow()));

    /// <summary>Has all slices back, or begins an epoch in which they are worth nothing.</summary>
    /// <exception cref="Core.Ports.StoreUnavailableException">Some did not come, and the account cannot be loaded anew.</exception>
    private async Task<AccountBook> RecallAsync(AccountBook book)
    {
        if (!await desk.RecallAsync(book))
        {
            AccountLog.SlicesLost(logger, source.Account.ToString(), book.SliceTotals.Count);
            source.IsInDoubt = true;
        }

        return await source.ReadyAsync();
    }

    private void Settle(SettledHold settled, DateTimeOffset now)
    {
        AccountBook? book = source.Book;
        source.IsInDoubt |= settled.IsReplay || unwritten?.MayBeLoaded(settled, source.LoadedAt) == true;

        // Not known here means loaded as settled: a strict hold is in the ledger before its call is made, so a load finds it open or settled.
        // Only what the journal alone has is not.
        bool? isCounted = settled.IsGivenBack
            ? book?.TryUndo(settled.Id, now)
            : book?.TrySettle(settled.Id, settled.Usage, settled.SettledAt, now);
        source.IsInDoubt |= journaled.Note(settled, book, isCounted == true, now);
        unwritten?.Remove(settled.Id);
        Observe(settled);
    }

    private void Observe(SettledHold settled)
    {
        if (!settled.IsReplay)
        {
            sla.Observe(new SlaObservation(settled.FailedBy, settled.DurationMicros, settled.FirstByteMicros), settled.SettledAt);
        }
    }

    private static SettledCall CallOf(SettledHold settled) => new(settled.Id, settled.Usage, settled.SettledAt);

    private static OpenHold HoldOf(SliceCall call, string operation) => new(call.Id, operation, call.Sizes.Worst, call.Sizes.Expected, call.LeaseUntil);
}
