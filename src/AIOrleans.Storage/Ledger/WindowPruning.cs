using AIOrleans.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Ledger;

/// <summary>Deletes minute and hour windows that no running period can reach, a little at a time. Days and months stay.</summary>
internal sealed class WindowPruning(
    IStorageStartup startup, ILedgerStore store, TimeProvider clock, ILogger<WindowPruning> logger) : BackgroundService
{
    /// <summary>Rows of one deletion: some milliseconds of the writer's time.</summary>
    private const int ChunkMax = 500;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ChunkPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MinutesKept = TimeSpan.FromHours(3);
    private static readonly TimeSpan HoursKept = TimeSpan.FromDays(9);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await startup.PrepareAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                StorageLog.PruneFailed(logger, e);
            }

            await Task.Delay(Period, clock, stoppingToken);
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int total = 0;
        int count;
        do
        {
            count = await store.PruneAsync(now - MinutesKept, now - HoursKept, ChunkMax, cancellationToken);
            total += count;
            await Task.Delay(ChunkPause, clock, cancellationToken);
        }
        while (count > 0);

        if (total > 0)
        {
            StorageLog.Pruned(logger, total);
        }
    }
}
