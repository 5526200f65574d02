using System.Data.Common;
using Orleans.Configuration;
using Orleans.Runtime;

namespace AIOrleans.Host.Silo;

/// <summary>Looks at the table of silos once a second, from <see cref="StartAsync"/> to <see cref="StopAsync"/>.</summary>
/// <param name="lookAsync">One look; what the table or its database makes of it does not end the watch.</param>
/// <param name="unread">What to do after a look that failed.</param>
internal sealed class TableWatch(Func<CancellationToken, Task> lookAsync, Action unread, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private Task looking = Task.CompletedTask;

    /// <summary>From when on a silo that writes no heartbeat is taken for dead.</summary>
    public static TimeSpan SilenceMaxOf(ClusterMembershipOptions options) => options.IAmAliveTablePublishTimeout * options.NumMissedTableIAmAliveLimit;

    /// <summary>As a stage of the silo's life wants it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        looking = LookAsync(stopping.Token);
        return Task.CompletedTask;
    }

    /// <inheritdoc cref="StartAsync"/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await looking;
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            using var timer = new PeriodicTimer(Pause, time);
            while (await timer.WaitForNextTickAsync(stop))
            {
                await TryLookAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The watch is over.
        }
    }

    private async Task TryLookAsync(CancellationToken stop)
    {
        try
        {
            await lookAsync(stop);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or OrleansException)
        {
            unread();
            SiloLog.TableUnread(logger, exception.Message);
        }
    }
}
