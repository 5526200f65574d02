using AIOrleans.Core.Configuration;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Host.Startup;

/// <summary>Applies the configuration file again when it changes; a bad one is reported and the running configuration stays.</summary>
/// <remarks>Looks at the file instead of listening: notifications miss files that are mounted, linked, or replaced by an editor.</remarks>
internal sealed class ConfigWatcher(ConfigApplier applier, HostSettings settings, TimeProvider time, ILogger<ConfigWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.ConfigPath is not { } path)
        {
            return;
        }

        // Not the stamp of now: the file may have changed since the start applied it.
        FileStamp seen = applier.Applied;
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            FileStamp now = FileStamp.Of(path);
            if (now != seen && await TryApplyAsync(path, stoppingToken))
            {
                seen = now;
            }
        }
    }

    /// <returns>False when the same content should be tried again.</returns>
    private async Task<bool> TryApplyAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await applier.ApplyFileAsync(path, cancellationToken);
            return true;
        }
        catch (ConfigMistakesException refused)
        {
            StartupLog.ConfigRefused(logger, path, refused.Mistakes.Count);
            foreach (ConfigMistake mistake in refused.Mistakes)
            {
                StartupLog.ConfigMistake(logger, mistake.ToString());
            }

            return true;
        }
        catch (StoreUnavailableException exception)
        {
            StartupLog.ConfigWaits(logger, path, exception.Message);
            return false;
        }
    }
}
