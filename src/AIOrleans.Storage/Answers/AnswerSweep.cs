using AIOrleans.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Answers;

/// <summary>Removes kept answers that have expired, a little at a time.</summary>
internal sealed class AnswerSweep(IStorageStartup startup, IAnswerStore answers, TimeProvider clock, ILogger<AnswerSweep> logger) : BackgroundService
{
    /// <summary>Rows of one deletion: some milliseconds of the writer's time.</summary>
    private const int ChunkMax = 200;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ChunkPause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await startup.PrepareAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                StorageLog.SweepFailed(logger, e);
            }

            await Task.Delay(Period, clock, stoppingToken);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        int total = 0;
        int count;
        do
        {
            count = await answers.SweepAsync(clock.GetUtcNow(), ChunkMax, cancellationToken);
            total += count;
            await Task.Delay(ChunkPause, clock, cancellationToken);
        }
        while (count == ChunkMax);

        if (total > 0)
        {
            StorageLog.Swept(logger, total);
        }
    }
}
