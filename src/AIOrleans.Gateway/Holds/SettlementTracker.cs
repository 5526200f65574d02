using System.Collections.Concurrent;
using AIOrleans.Contracts.Requests;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace AIOrleans.Gateway.Holds;

/// <summary>Runs settlements beside the next request of the connection, and waits for all of them when the gateway stops.</summary>
internal sealed class SettlementTracker(IGrainFactory grains, LiveHolds live, ILogger<SettlementTracker> logger) : IHostedService
{
    /// <summary>Above so many running settlements callers wait for their own: bounds memory and lets the ledger catch up.</summary>
    private const int RunningMax = 10_000;

    private readonly ConcurrentDictionary<long, Task> running = new();
    private long next;

    /// <summary>Settles in the background; completes at once unless too many are running already.</summary>
    public ValueTask StartAsync(SettleCommand command)
    {
        Task task = SettleAsync(command);
        if (task.IsCompleted)
        {
            return ValueTask.CompletedTask;
        }

        long number = Interlocked.Increment(ref next);
        running[number] = task;
        _ = task.ContinueWith(
            static (_, state) =>
            {
                (ConcurrentDictionary<long, Task> all, long key) = ((ConcurrentDictionary<long, Task>, long))state!; // ! Always passed below.
                all.TryRemove(key, out Task? _);
            },
            (running, number),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return running.Count > RunningMax ? new ValueTask(task) : ValueTask.CompletedTask;
    }

    /// <summary>Waits until everything that runs now is settled.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(running.Values);

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WhenIdleAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            HoldLog.SettlementsRunning(logger, running.Count);
        }
    }

    private async Task SettleAsync(SettleCommand command)
    {
        try
        {
            await grains.GetGrain<IRequestGrain>(0).SettleAsync(command);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            HoldLog.SettleFailed(logger, command.Id.ToString(), exception);
        }
        finally
        {
            live.Remove(command.Id);
        }
    }
}
