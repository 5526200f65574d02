using System.Threading.Channels;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity;

/// <summary>Loads the directory and the prices before the host serves, then looks for changes of other processes: when told of one, and in any case from time to time.</summary>
internal sealed class DirectoryPoll(
    StoreFollower follower, LiveDirectory directory, DirectoryFreshness freshness, ISiloStore silos, IOptions<DirectoryOptions> options, TimeProvider time,
    ILogger<LiveDirectory> logger)
    : BackgroundService
{
    private static readonly TimeSpan RelistenMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RelistenMax = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait, at stop, for the store to forget this process: else it is forgotten by its silence.</summary>
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(1);

    /// <summary>Rows of processes that died are of interest for a while.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromHours(1);

    private readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool isReachable = true;
    private bool isRefusing;

    /// <summary>A store that cannot be read at start stops the start: serving nobody would look like refusing everybody.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await silos.PruneAsync(SilenceMax, cancellationToken);
        await follower.LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Whatever serves has stopped by now: this was registered before it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await follower.LeaveAsync(cancellationToken).WaitAsync(LeaveMax, time, cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException or OperationCanceledException)
        {
            IdentityLog.LeftSilently(logger, e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan period = options.Value.PollPeriod(silos.IsShared);
        await using ITimer timer = time.CreateTimer(_ => Wake(), null, period, period);
        Task listening = ListenAsync(stoppingToken);
        try
        {
            await foreach (bool _ in wakes.Reader.ReadAllAsync(stoppingToken))
            {
                await TryLookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: nothing is left to do.
        }

        await listening;
    }

    private void Wake() => wakes.Writer.TryWrite(true);

    /// <summary>Listens for as long as the host runs. While it cannot, looks come by time alone.</summary>
    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = RelistenMin;
        try
        {
            while (true)
            {
                try
                {
                    await silos.ListenAsync(
                        () =>
                        {
                            pause = RelistenMin;
                            Wake();
                        },
                        stoppingToken);
                }
                catch (StoreUnavailableException e)
                {
                    IdentityLog.NotListening(logger, e.Message);
                }

                await Task.Delay(pause, time, stoppingToken);
                pause = pause * 2 < RelistenMax ? pause * 2 : RelistenMax;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Looks; each change of whether the store answers, and of whether calls are refused for that, is logged once.</summary>
    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await follower.LookAsync(cancellationToken);
            if (!isReachable)
            {
                IdentityLog.FollowsAgain(logger, directory.Current.Revision);
            }

            (isReachable, isRefusing) = (true, false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (isReachable)
            {
                isReachable = false;
                IdentityLog.StoppedFollowing(logger, directory.Current.Revision, e);
            }

            if (!isRefusing && freshness.IsStale)
            {
                isRefusing = true;
                IdentityLog.Refuses(logger, options.Value.StaleSecondsMax);
            }
        }
    }
}
