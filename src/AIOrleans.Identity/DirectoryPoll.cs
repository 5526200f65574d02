using AIOrleans.Core.Ports;
using AIOrleans.Identity.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity;

/// <summary>Loads the directory and the prices before the host serves, then looks for changes that other processes made.</summary>
internal sealed class DirectoryPoll(
    LiveDirectory directory, LivePrices prices, DirectoryAge age, IOptions<DirectoryOptions> options, TimeProvider time, ILogger<LiveDirectory> logger)
    : BackgroundService
{
    /// <summary>A store that cannot be read at start stops the start: serving nobody would look like refusing everybody.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
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

    /// <summary>Prices first: an alias must not appear before the list that it is priced by.</summary>
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await prices.RefreshAsync(cancellationToken);
        await directory.RefreshAsync(cancellationToken);
        age.Note();
    }

    /// <returns>Whether the store answered; each change of that is logged once.</returns>
    private async Task<bool> TryRefreshAsync(bool wasReachable, CancellationToken cancellationToken)
    {
        try
        {
            await RefreshAsync(cancellationToken);
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
