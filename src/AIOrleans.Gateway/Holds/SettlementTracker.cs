using System.Collections.Concurrent;
using System.Diagnostics;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Gateway.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Holds;

/// <summary>Runs settlements beside the next request of the connection, and waits for all of them when the gateway stops.</summary>
internal sealed class SettlementTracker(RequestWorker worker, LiveHolds live, UsageMetrics metrics, TimeProvider time, ILogger<SettlementTracker> logger) : IHostedService
{
    /// <summary>Above so many running settlements callers wait for their own: bounds memory and lets the ledger catch up.</summary>
    private const int RunningMax = 10_000;

    /// <summary>How long a refused call waits for settlements that may make room: a commit takes far less unless the ledger is in trouble.</summary>
    private static readonly TimeSpan EndingWaitMax = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<long, Running> running = new();
    private long next;

    // Counting a concurrent dictionary takes all its locks.
    private int runningCount;

    /// <summary>Settlements under way.</summary>
    public int RunningCount => Volatile.Read(ref runningCount);

    /// <summary>Settles in the background; completes at once unless too many are running already.</summary>
    public ValueTask StartAsync(SettleCommand command)
    {
        long number = Interlocked.Increment(ref next);
        var entry = new Running(command.Events[0].Path);
        running[number] = entry;
        int count = Interlocked.Increment(ref runningCount);
        Task task = entry.Task = SettleAsync(command, number);
        return count > RunningMax ? new ValueTask(task) : ValueTask.CompletedTask;
    }

    /// <summary>Waits until everything that runs now is settled.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(running.Values.Select(entry => entry.Task));

    /// <summary>Waits for the settlements of an account whose requests have ended already: a client that calls one after the other must never meet its own last hold.</summary>
    /// <returns>False when there is none to wait for, or when they take too long.</returns>
    public async ValueTask<bool> TryAwaitEndingAsync(AccountId account)
    {
        Task[] ending = [.. running.Values.Where(entry => entry.Path.Contains(account)).Select(entry => entry.Task)];
        if (ending.Length == 0)
        {
            return false;
        }

        try
        {
            await Task.WhenAll(ending).WaitAsync(EndingWaitMax, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WhenIdleAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            HoldLog.SettlementsRunning(logger, RunningCount);
        }
    }

    private async Task SettleAsync(SettleCommand command, long number)
    {
        using Activity? span = Spans.BeginStep("settle");
        long startedStamp = time.GetTimestamp();
        try
        {
            await worker.SettleAsync(command);
            metrics.Settled(time.GetElapsedTime(startedStamp));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            HoldLog.SettleFailed(logger, command.Id.ToString(), exception);
        }
        finally
        {
            live.Remove(command.Id);
            running.TryRemove(number, out Running? _);
            Interlocked.Decrement(ref runningCount);
        }
    }

    private sealed class Running(IReadOnlyList<AccountId> path)
    {
        public IReadOnlyList<AccountId> Path => path;

        /// <summary>Completed until the settlement has begun, which is at once.</summary>
        public Task Task { get; set; } = Task.CompletedTask;
    }
}
