using System.Threading.Channels;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Outages;
using AIOrleans.Grains.Telemetry;
using AIOrleans.Grains.Usage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains.Requests;

/// <summary>Brings settlements of this silo to the ledger, then to the accounts, then to the stream; keeps those that must wait for the ledger.</summary>
/// <remarks>Thread-safe. Stops after everything that settles and before the ledger: what still waits then gets a last try.</remarks>
internal sealed class Settlements(
    ILedger ledger, AccountNotices notices, UsagePublisher publisher, OutageSettlements outages, UnsavedLevels unsaved, GrainMetrics metrics,
    IOptions<HoldOptions> options, TimeProvider time, ILogger<Settlements> logger)
    : BackgroundService
{
    /// <summary>Waiting settlements tried at once: they share transactions.</summary>
    private const int RoundMax = 256;

    /// <summary>First pause after the ledger could not be reached; doubles up to <see cref="RetryPauseMax"/>.</summary>
    private static readonly TimeSpan RetryPauseMin = TimeSpan.FromMilliseconds(100);

    /// <summary>Short, because what waits keeps its accounts' holds.</summary>
    private static readonly TimeSpan RetryPauseMax = TimeSpan.FromSeconds(1);

    // Not bounded by itself: EnsureRoom admits no new request once it is long, and requests in flight are bounded by the gateway.
    private readonly Channel<Settlement> waiting = Channel.CreateUnbounded<Settlement>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SettlementWindows windows = new();
    private readonly int waitingMax = options.Value.PendingSettlementsMax;

    // Queued or being tried again.
    private int waitingCount;

    // Since nothing waited last.
    private long waitedCount;

    /// <summary>Settlements that wait for the ledger.</summary>
    public int WaitingCount => Volatile.Read(ref waitingCount);

    /// <summary>Refuses new work while so many settlements wait that more could be lost: what bounds the queue, which never drops.</summary>
    /// <exception cref="StoreUnavailableException">Too many are waiting.</exception>
    public void EnsureRoom()
    {
        if (WaitingCount >= waitingMax)
        {
            throw new StoreUnavailableException($"The ledger is unreachable and {waitingMax} settlements are waiting for it.");
        }
    }

    /// <summary>Refuses to tell a caller that a limit is reached, while holds that are to be given back may be all that fills it.</summary>
    /// <exception cref="StoreUnavailableException">Some settlement waits for the ledger.</exception>
    public void EnsureNoneWaits()
    {
        if (WaitingCount > 0)
        {
            throw new StoreUnavailableException("The ledger was unreachable, and holds of calls that were never made are still to be given back.");
        }
    }

    /// <summary>Settles now, or as soon as the ledger can be reached.</summary>
    public async Task SettleAsync(SettleCommand command)
    {
        Settlement settlement = SettlementOf(command.Id, command.Events);
        if (await outages.TrySettleAsync(settlement))
        {
            return;
        }

        try
        {
            await SettleInLedgerAsync(settlement, isRetry: false);
        }
        catch (StoreUnavailableException exception)
        {
            if (!await outages.TryTakeOverAsync(settlement, exception))
            {
                Enqueue(settlement, exception.Message);
            }
        }
    }

    /// <summary>Ends a hold that may or may not have become durable and whose call was never made, as soon as the ledger can be reached.</summary>
    public void GiveBack(DurableHold hold) =>
        Enqueue(SettlementOf(hold.Id, [HoldEvents.GivenBack(hold, time.GetUtcNow())]), "whether its hold was written is not known.");

    /// <summary>Settles a hold that outlived its lease by what it held.</summary>
    /// <returns>False when the ledger could not be reached; its keeper finds it again.</returns>
    public Task<bool> TrySettleOrphanAsync(DurableHold hold) =>
        TrySettleAsync(SettlementOf(hold.Id, [HoldEvents.Estimated(hold, time.GetUtcNow())]), isRetry: false);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        waiting.Writer.TryComplete();
        bool goesOn = true;
        while (goesOn && !cancellationToken.IsCancellationRequested && waiting.Reader.TryPeek(out _))
        {
            goesOn = await TryRoundAsync() is [];
        }

        if (WaitingCount > 0)
        {
            // Under strict durability their holds are in the ledger; a keeper settles them after the next start.
            RequestLog.SettlementsLeft(logger, WaitingCount);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = RetryPauseMin;
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            List<Settlement> left = await TryRoundAsync();
            left.ForEach(settlement => waiting.Writer.TryWrite(settlement));
            if (left.Count == 0)
            {
                pause = RetryPauseMin;
                continue;
            }

            await Task.Delay(pause, time, stoppingToken);
            pause = pause * 2 > RetryPauseMax ? RetryPauseMax : pause * 2;
        }
    }

    private Settlement SettlementOf(HoldId id, IReadOnlyList<UsageEvent> events) =>
        new(id, events, windows.At(events[0].SettledAt, events[0].Attribution.TimeZone));

    private void Enqueue(Settlement settlement, string reason)
    {
        Interlocked.Increment(ref waitedCount);
        if (Interlocked.Increment(ref waitingCount) == 1)
        {
            RequestLog.SettlementsWait(logger, settlement.HoldId.ToString(), reason);
        }

        if (!waiting.Writer.TryWrite(settlement))
        {
            RequestLog.SettlementAfterStop(logger, settlement.HoldId.ToString());
        }
    }

    /// <summary>Tries some of those that wait.</summary>
    /// <returns>Those that must wait on.</returns>
    private async Task<List<Settlement>> TryRoundAsync()
    {
        List<Settlement> round = [];
        while (round.Count < RoundMax && waiting.Reader.TryRead(out Settlement? settlement))
        {
            round.Add(settlement);
        }

        bool[] ended = await Task.WhenAll(round.Select(TryAgainAsync));
        List<Settlement> left = [.. round.Where((_, i) => !ended[i])];
        if (Interlocked.Add(ref waitingCount, left.Count - round.Count) == 0)
        {
            RequestLog.SettlementsCaughtUp(logger, Interlocked.Exchange(ref waitedCount, 0));
        }

        return left;
    }

    private async Task<bool> TryAgainAsync(Settlement settlement)
    {
        try
        {
            return await TrySettleAsync(settlement, isRetry: true);
        }
        catch (Exception exception)
        {
            // The ledger refuses it, and would for ever: one that is wrong must not stop those behind it.
            RequestLog.SettlementRefused(logger, settlement.HoldId.ToString(), exception);
            return true;
        }
    }

    private async Task<bool> TrySettleAsync(Settlement settlement, bool isRetry)
    {
        try
        {
            await SettleInLedgerAsync(settlement, isRetry);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private async Task SettleInLedgerAsync(Settlement settlement, bool isRetry)
    {
        SettleOutcome outcome = await WriteAsync(settlement with { Buckets = unsaved.TakeOf(settlement.Path) });
        outages.Forget(settlement.HoldId);
        bool isReplay = outcome == SettleOutcome.AlreadySettled;
        if (!isReplay && settlement.Events[0].IsOrphanEstimate)
        {
            metrics.OrphanSettled();
        }

        await SaveAsync(settlement, await notices.TellAsync(settlement, isReplay));

        // A retry may find that its first try was written and only the answer lost: then nobody has published it.
        if (!isReplay || isRetry)
        {
            publisher.Publish(settlement.Events);
        }
    }

    private async Task<SettleOutcome> WriteAsync(Settlement settlement)
    {
        try
        {
            return await ledger.SettleAsync(settlement, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            unsaved.Keep(settlement.Buckets);
            throw;
        }
    }

    /// <summary>Sees to it that a load finds what calls have used beyond their holds: a debt at once, a lower level with the next settlement.</summary>
    private async Task SaveAsync(Settlement settlement, IReadOnlyList<BucketLevels> lowered)
    {
        if (!lowered.Any(levels => levels.TokensMicro < 0))
        {
            unsaved.Keep(lowered);
            return;
        }

        try
        {
            // Settled before, so that this changes nothing but the levels.
            await WriteAsync(settlement with { Buckets = lowered });
        }
        catch (StoreUnavailableException)
        {
            // Kept: the next settlement takes them along.
        }
    }
}
