using System.Threading.Channels;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;

namespace AIOrleans.Grains.Requests;

/// <summary>Brings settlements of this silo to the ledger, then to the accounts, then to the stream; keeps those that must wait for the ledger.</summary>
internal sealed class Settlements(
    ILedger ledger, IClusterClient cluster, IOptions<HoldOptions> options, TimeProvider time, ILogger<Settlements> logger) : BackgroundService
{
    /// <summary>First pause after the ledger could not be reached; doubles up to <see cref="RetryPauseMax"/>.</summary>
    private static readonly TimeSpan RetryPauseMin = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryPauseMax = TimeSpan.FromSeconds(5);

    private readonly Channel<Settlement> waiting = Channel.CreateUnbounded<Settlement>();
    private readonly int waitingMax = options.Value.PendingSettlementsMax;

    /// <summary>Refuses new work while so many settlements wait that more could be lost: what bounds the queue, which never drops.</summary>
    /// <exception cref="StoreUnavailableException">Too many are waiting.</exception>
    public void EnsureRoom()
    {
        if (waiting.Reader.Count >= waitingMax)
        {
            throw new StoreUnavailableException($"The ledger is unreachable and {waitingMax} settlements are waiting for it.");
        }
    }

    /// <summary>Settles now, or as soon as the ledger can be reached.</summary>
    public Task SettleAsync(SettleCommand command) => TryOrQueueAsync(SettlementOf(command.Id, [.. command.Events]));

    /// <summary>Ends a hold that may or may not have become durable and whose call was never made.</summary>
    public void GiveBack(DurableHold hold) =>
        waiting.Writer.TryWrite(SettlementOf(hold.Id, [EventOf(hold, 0, default, estimated: false, status: 503, time.GetUtcNow())]));

    /// <summary>Settles a hold that outlived its lease by what it held.</summary>
    public Task SettleOrphanAsync(DurableHold hold) =>
        TryOrQueueAsync(SettlementOf(hold.Id, [EventOf(hold, 1, hold.Worst, estimated: true, status: 500, time.GetUtcNow())]));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = RetryPauseMin;
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            while (waiting.Reader.TryPeek(out Settlement? settlement))
            {
                if (await TryAsync(settlement))
                {
                    waiting.Reader.TryRead(out _);
                    pause = RetryPauseMin;
                    continue;
                }

                await Task.Delay(pause, time, stoppingToken);
                pause = pause * 2 > RetryPauseMax ? RetryPauseMax : pause * 2;
            }
        }
    }

    /// <summary>One last try for everything that waits; what still cannot be written is settled from its durable hold by the keeper after the next start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (waiting.Reader.TryRead(out Settlement? settlement) && !cancellationToken.IsCancellationRequested)
        {
            if (!await TryAsync(settlement))
            {
                RequestLog.SettlementsLeft(logger, waiting.Reader.Count + 1);
                return;
            }
        }
    }

    private static UsageEvent EventOf(DurableHold hold, int requests, HoldSize used, bool estimated, int status, DateTimeOffset now) => new()
    {
        HoldId = hold.Id,
        Attempt = 1,
        Path = [.. hold.Grants.Select(grant => grant.Account)],
        Attribution = hold.Attribution,
        Operation = hold.Operation,
        Requests = requests,
        Usage = new() { UncachedInput = used.Tokens },
        Cost = used.Cost,
        Estimated = estimated,
        Provider = "",
        ProviderModel = "",
        PriceVersion = "",
        Status = status,
        FailedBy = FailedBy.Gateway,
        Streamed = false,
        StartedAt = hold.HeldAt,
        SettledAt = now,
        DurationMicros = (long)(now - hold.HeldAt).TotalMicroseconds,
        FirstByteMicros = null,
    };

    private static Settlement SettlementOf(HoldId id, IReadOnlyList<UsageEvent> events) =>
        new(id, events, WindowStarts.At(events[0].SettledAt, TimeZones.Find(events[0].Attribution.TimeZone)));

    private async Task TryOrQueueAsync(Settlement settlement)
    {
        if (!await TryAsync(settlement))
        {
            waiting.Writer.TryWrite(settlement);
        }
    }

    private async Task<bool> TryAsync(Settlement settlement)
    {
        try
        {
            await ledger.SettleAsync(settlement, CancellationToken.None);
        }
        catch (StoreUnavailableException exception)
        {
            RequestLog.SettlementWaits(logger, settlement.HoldId.ToString(), exception.Message);
            return false;
        }

        await TellAccountsAsync(settlement);
        await PublishAsync(settlement);
        return true;
    }

    private async Task TellAccountsAsync(Settlement settlement)
    {
        UsageEvent last = settlement.Events[^1];
        long tokens = settlement.Events.Sum(e => e.Usage.Total);
        var cost = new NanoUsd(settlement.Events.Sum(e => e.Cost.Value));
        var settled = new SettledHold
        {
            Id = settlement.HoldId,
            Usage = new SettledUsage(last.Operation, settlement.Events.Sum(e => e.Requests), new HoldSize(tokens, cost)),
            SettledAt = last.SettledAt,
            Status = last.Status,
            FailedBy = last.FailedBy,
            DurationMicros = last.DurationMicros,
            FirstByteMicros = last.FirstByteMicros,
        };
        foreach (AccountId account in settlement.Path)
        {
            try
            {
                await cluster.GetGrain<IAccountGrain>(account.ToString()).SettleAsync(settled);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The ledger has it; the account finds its hold overdue and reloads.
                RequestLog.AccountNotTold(logger, settlement.HoldId.ToString(), account.ToString(), exception);
            }
        }
    }

    private async Task PublishAsync(Settlement settlement)
    {
        try
        {
            IAsyncStream<UsageEvent> stream = cluster.GetStreamProvider(UsageStream.Provider)
                .GetStream<UsageEvent>(StreamId.Create(UsageStream.Namespace, settlement.Path[0].Tenant));
            foreach (UsageEvent usage in settlement.Events)
            {
                await stream.OnNextAsync(usage);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Readers catch up from the ledger by cursor.
            RequestLog.NotPublished(logger, settlement.HoldId.ToString(), exception);
        }
    }
}
