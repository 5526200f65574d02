using AIOrleans.Core.Directory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Identity;

/// <summary>Reads, behind everything else, each account that was loaded: one that is damaged is told of soon after the start, and not when its caller is refused.</summary>
internal sealed class DirectoryCheck(LiveDirectory directory, TimeProvider time, ILogger<LiveDirectory> logger) : BackgroundService
{
    /// <summary>Read in one go: some milliseconds of one processor.</summary>
    private const int StepRecords = 250;

    /// <summary>Between two goes: calls come first.</summary>
    private static readonly TimeSpan StepPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DirectorySnapshot? seen = null;
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            DirectorySnapshot current = directory.Current;
            if (seen is null || !current.IsLoadedWith(seen))
            {
                await CheckAsync(current, stoppingToken);
                seen = current;
            }
        }
    }

    private async Task CheckAsync(DirectorySnapshot loaded, CancellationToken cancellationToken)
    {
        HashSet<string> told = [.. loaded.Unreadable.Keys];
        int count = 0;
        foreach (bool _ in loaded.CheckLoaded())
        {
            if (++count % StepRecords == 0)
            {
                await Task.Delay(StepPause, time, cancellationToken);
            }
        }

        foreach ((string record, string reason) in loaded.Unreadable.Where(record => !told.Contains(record.Key)))
        {
            IdentityLog.Unreadable(logger, record, reason);
        }
    }
}
