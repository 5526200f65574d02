using System.Threading.Channels;
using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;

namespace AIOrleans.Grains.Usage;

/// <summary>Puts settled events on the stream <c>usage</c>, beside the settlements: a slow reader must never hold up money.</summary>
/// <remarks>Thread-safe. Keeps the order in which events were given. What is lost here is in the ledger, from which readers catch up by cursor.</remarks>
internal sealed class UsagePublisher : BackgroundService
{
    /// <summary>Events waiting for the stream, about 500 bytes each; more are dropped, counted and logged.</summary>
    private const int WaitingMax = 16_384;

    /// <summary>Events sent together: what has gathered while the last ones were on their way, some 100 kB at most.</summary>
    private const int BatchMax = 256;

    private readonly IClusterClient cluster;
    private readonly ILogger<UsagePublisher> logger;
    private readonly Channel<UsageEvent> waiting;
    private long dropped;

    public UsagePublisher(IClusterClient cluster, ILogger<UsagePublisher> logger)
    {
        this.cluster = cluster;
        this.logger = logger;
        waiting = Channel.CreateBounded<UsageEvent>(
            new BoundedChannelOptions(WaitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite },
            _ => Interlocked.Increment(ref dropped));
    }

    /// <summary>Queues the events of one settlement; never waits.</summary>
    public void Publish(IReadOnlyList<UsageEvent> events)
    {
        foreach (UsageEvent usage in events)
        {
            waiting.Writer.TryWrite(usage);
        }
    }

    /// <summary>Publishes what is queued, no longer than the host allows.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        if (ExecuteTask is { } running)
        {
            try
            {
                await running.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The host waits no longer. Readers catch up from the ledger.
            }
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<UsageEvent> batch = [];
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < BatchMax && waiting.Reader.TryRead(out UsageEvent? usage))
            {
                batch.Add(usage);
            }

            foreach (IGrouping<string, UsageEvent> tenant in batch.GroupBy(usage => usage.Path[0].Tenant, StringComparer.Ordinal))
            {
                await PublishAsync(tenant.Key, [.. tenant]);
            }

            batch.Clear();
            if (Interlocked.Exchange(ref dropped, 0) is > 0 and long count)
            {
                UsageLog.Dropped(logger, count);
            }
        }
    }

    /// <summary>Sends the events of one tenant together, in their order: in a cluster each message is one to another silo.</summary>
    private async Task PublishAsync(string tenant, List<UsageEvent> events)
    {
        try
        {
            await StreamOf(tenant).OnNextBatchAsync(events);
        }
        catch (Exception exception)
        {
            // A stream may fail in any way, and the events behind these are not to blame.
            UsageLog.NotPublished(logger, events[0].HoldId.ToString(), events.Count - 1, exception);
        }
    }

    private IAsyncStream<UsageEvent> StreamOf(string tenant) =>
        cluster.GetStreamProvider(UsageStream.Provider).GetStream<UsageEvent>(StreamId.Create(UsageStream.Namespace, tenant));
}
