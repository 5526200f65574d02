using System.Collections.Concurrent;
using System.Collections.Immutable;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace AIOrleans.Gateway.Holds;

/// <summary>The holds of requests that live on this process; prolongs the leases of those that take long.</summary>
internal sealed class LiveHolds(RequestWorker worker, TimeProvider time, ILogger<LiveHolds> logger) : BackgroundService, IQueueDepth
{
    /// <summary>How often leases are looked at: well below the shortest lease (5 s), so that two looks may fail.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<HoldId, Entry> entries = new();

    public int Count => entries.Count;

    QueuedWork IQueueDepth.Work => QueuedWork.LiveCalls;

    public void Add(HoldId id, ImmutableArray<AccountId> path, DateTimeOffset leaseUntil)
    {
        DateTimeOffset now = time.GetUtcNow();
        entries[id] = new Entry(path, now + ((leaseUntil - now) / 3));
    }

    public void Remove(HoldId id) => entries.TryRemove(id, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool isFailing = false;
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RenewDueAsync();
                isFailing = false;
            }
            catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException or OrleansException)
            {
                if (!isFailing)
                {
                    isFailing = true;
                    HoldLog.RenewalFailed(logger, exception.Message);
                }
            }
        }
    }

    private async Task RenewDueAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        ImmutableArray<HeldRequest> due = [.. entries.Where(e => e.Value.RenewAt <= now).Select(e => new HeldRequest(e.Key, e.Value.Path))];
        if (due.IsEmpty)
        {
            return;
        }

        DateTimeOffset leaseUntil = await worker.RenewAsync(new RenewCommand(due));
        DateTimeOffset renewAt = now + ((leaseUntil - now) / 3);
        foreach (HeldRequest hold in due)
        {
            // Only if it still lives: a request that ended meanwhile must not come back.
            if (entries.TryGetValue(hold.Id, out Entry? entry))
            {
                entries.TryUpdate(hold.Id, entry with { RenewAt = renewAt }, entry);
            }
        }
    }

    private sealed record Entry(ImmutableArray<AccountId> Path, DateTimeOffset RenewAt);
}
