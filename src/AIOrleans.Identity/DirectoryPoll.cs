using AIOrleans.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity;

/// <summary>Loads the directory before the host serves, then looks for changes that other processes made.</summary>
internal sealed class DirectoryPoll(LiveDirectory directory, IOptions<DirectoryOptions> options, TimeProvider time, ILogger<LiveDirectory> logger)
    : BackgroundService
{
    /// <summary>A store that cannot be read at start stops the start: serving nobody would look like refusing everybody.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await directory.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.Value.PollMilliseconds), time);
        bool reachable = true;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                reachable = await TryRefreshAsync(reachable, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: nothing is left to do.
        }
    }

    /// <returns>Whether the store answered; each change of that is logged once.</returns>
    private async Task<bool> TryRefreshAsync(bool wasReachable, CancellationToken cancellationToken)
    {
        try
        {
            await directory.RefreshAsync(cancellationToken);
            if (!wasReachable)
            {
                IdentityLog.FollowsAgain(logger, directory.Current.Revision);
            }

            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (wasReachable)
            {
                IdentityLog.StoppedFollowing(logger, directory.Current.Revision, e);
            }

            return false;
        }
    }
}
