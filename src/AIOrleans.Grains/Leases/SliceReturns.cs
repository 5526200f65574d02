using System.Collections.Concurrent;
using System.Threading.Channels;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Requests;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains.Leases;

/// <summary>Sees to it that slices go back: when they are spent, when their life ends, when their account wants them, and when the silo stops.</summary>
/// <remarks>Thread-safe. Stops after everything that settles, so that what goes back then is complete.</remarks>
internal sealed class SliceReturns(
    AccountGrains grains, UnsavedLevels unsaved, IOptions<HoldOptions> options, TimeProvider time, ILogger<SliceReturns> logger)
    : BackgroundService
{
    /// <summary>Longest wait for one answer of an account: three may be lost before it is given up.</summary>
    private readonly TimeSpan answerWait = options.Value.AccountWait / 3;

    // Not bounded by itself: a slice gets in once, and an account once while it is watched.
    private readonly Channel<(AccountSlices Owner, LocalSlice? Slice)> work = Channel.CreateUnbounded<(AccountSlices, LocalSlice?)>();
    private volatile bool isStopping;

    /// <summary>Accounts with slices here: those that are hot.</summary>
    public ConcurrentDictionary<AccountId, AccountSlices> Accounts { get; } = new();

    public bool IsStopping => isStopping;

    public void Add(AccountId account, LocalSlice slice)
    {
        AccountSlices owner;
        bool isToWatch;
        do
        {
            owner = Accounts.GetOrAdd(account, static id => new AccountSlices(id));
        }
        while (!owner.TryAdd(slice, out isToWatch));

        if (isToWatch)
        {
            work.Writer.TryWrite((owner, null));
        }
    }

    /// <summary>Gives a slice back; nobody waits for it.</summary>
    public void Begin(AccountSlices owner, LocalSlice slice) => work.Writer.TryWrite((owner, slice));

    /// <summary>Gives a slice back, or waits until it has come back. Then its account knows all calls of it, or is about to load them.</summary>
    public async Task<BucketLevels?> ReturnAsync(AccountSlices owner, LocalSlice slice)
    {
        if (owner.TryBeginReturn(slice) is { } ask)
        {
            BucketLevels? levels = null;
            try
            {
                levels = await TellAsync(owner.Account, ask);
            }
            finally
            {
                if (owner.Remove(slice))
                {
                    Accounts.TryRemove(KeyValuePair.Create(owner.Account, owner));
                }

                slice.Returning!.SetResult(levels); // ! Set when the return began.
            }
        }

        return await slice.Returning!.Task; // ! Likewise, here or by somebody else.
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        await base.StopAsync(cancellationToken);
        Task[] returning = [.. Accounts.Values.SelectMany(owner => owner.Where(_ => true).Select(slice => ReturnAsync(owner, slice)))];
        try
        {
            await Task.WhenAll(returning).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // No time is left. Each slice that has not come back is fenced when somebody needs it, or overdue one lease after it was granted.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach ((AccountSlices owner, LocalSlice? slice) in work.Reader.ReadAllAsync(stoppingToken))
        {
            _ = slice is null ? WatchAsync(owner, stoppingToken) : ReturnAsync(owner, slice);
        }
    }

    /// <summary>Gives slices back when their time is over, or when their account wants them.</summary>
    private async Task WatchAsync(AccountSlices owner, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested && owner.NextToWatch() is { } oldest)
        {
            bool isWanted = await IsWantedAsync(owner.Account, oldest);
            long nowStamp = time.GetTimestamp();
            foreach (LocalSlice slice in owner.Where(slice => slice.EndsAtStamp <= nowStamp || (isWanted && IsAsOldAs(slice, oldest))))
            {
                _ = ReturnAsync(owner, slice);
            }
        }
    }

    private static bool IsAsOldAs(LocalSlice slice, LocalSlice oldest) => slice.Answer.Epoch == oldest.Answer.Epoch && slice.Recalls == oldest.Recalls;

    private async Task<bool> IsWantedAsync(AccountId account, LocalSlice slice)
    {
        // Timers count whole milliseconds: rounded down, the last one would be spent asking.
        double left = time.GetElapsedTime(time.GetTimestamp(), slice.EndsAtStamp).TotalMilliseconds;
        if (left <= 0)
        {
            return false;
        }

        var patience = TimeSpan.FromMilliseconds(Math.Ceiling(left));
        try
        {
            return await grains[account].AwaitRecallAsync(slice.Answer.Epoch, slice.Recalls, patience).WaitAsync(patience + answerWait, time);
        }
        catch (Exception exception) when (IsUnheard(exception))
        {
            // Nobody could call it back: it must not go on admitting.
            return true;
        }
    }

    private async Task<BucketLevels?> TellAsync(AccountId account, RetireAsk ask)
    {
        var patience = new Patience(options.Value.AccountWait, time.GetTimestamp(), time);
        while (true)
        {
            try
            {
                BucketLevels? levels = await grains[account].RetireAsync(ask).WaitAsync(answerWait, time);
                unsaved.Keep(levels is null ? [] : [levels]);
                return levels;
            }
            catch (Exception exception) when (IsTooOld(exception))
            {
                SliceLog.ToldSingly(logger, account.ToString(), ask.Settled.Length);
                return await TellSinglyAsync(account, ask);
            }
            catch (Exception exception) when (AccountGrains.IsUnreachable(exception))
            {
                SliceLog.NotReturned(logger, account.ToString(), exception.Message);
                if (isStopping || !await patience.TryPauseAsync())
                {
                    await ReloadAsync(account, ask.Epoch);
                    return null;
                }
            }
        }
    }

    /// <summary>Tells a silo that knows no slices, as in a rolling upgrade, of each settlement by itself: the account was loaded there, and holds its calls by id.</summary>
    private async Task<BucketLevels?> TellSinglyAsync(AccountId account, RetireAsk ask)
    {
        BucketLevels? levels = null;
        foreach (SettledHold settled in ask.Settled)
        {
            try
            {
                levels = await grains[account].SettleAsync(settled).WaitAsync(answerWait, time) ?? levels;
            }
            catch (Exception exception) when (IsUnheard(exception))
            {
                // The hold is overdue one lease after it was made: then the account loads itself.
                SliceLog.GivenUp(logger, account.ToString(), exception.Message);
                break;
            }
        }

        unsaved.Keep(levels is null ? [] : [levels]);
        return levels;
    }

    private static bool IsUnheard(Exception exception) => AccountGrains.IsUnreachable(exception) || IsTooOld(exception);

    /// <summary>True for the answer of a silo that does not know slices yet: its serializer has no such method.</summary>
    private static bool IsTooOld(Exception exception) => exception.GetType().Namespace?.StartsWith("Orleans.Serialization", StringComparison.Ordinal) == true;

    /// <summary>Has the account load itself anew, if it is the one that granted: whether it has heard is unknown.</summary>
    private async Task ReloadAsync(AccountId account, long epoch)
    {
        try
        {
            await grains[account].ReloadAsync(epoch).WaitAsync(answerWait, time);
        }
        catch (Exception exception) when (IsUnheard(exception))
        {
            // Its own entry of the slice is overdue one lease after it was granted: then it loads anew.
            SliceLog.GivenUp(logger, account.ToString(), exception.Message);
        }
    }
}
