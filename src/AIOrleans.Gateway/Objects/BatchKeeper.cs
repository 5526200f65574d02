using AIOrleans.Core.Directory;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Flow;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Objects;

/// <summary>Looks at batches that run, whether anybody asks for them or not, and accounts for those that are over. Each is looked at by one process at a time.</summary>
internal sealed class BatchKeeper(
    IObjectStore objects, BatchAccounts accounts, IDirectory directory, InFlight inFlight, IOptions<GatewayOptions> options, TimeProvider time, ILogger<BatchKeeper> logger)
    : BackgroundService
{
    /// <summary>Batches of one look: more are looked at the next time.</summary>
    private const int CountMax = 50;

    /// <summary>How long one process has for one look before another may take its batches.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromMinutes(10);

    /// <summary>Looks at everything that is due now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<StoredObject> due = await objects.TakeDueAsync(now, now + LookMax, CountMax, cancellationToken);
        foreach (StoredObject batch in due)
        {
            if (!await TryRefreshAsync(batch, cancellationToken))
            {
                await objects.NoteAsync(batch with { DueAt = time.GetUtcNow() + TimeSpan.FromSeconds(options.Value.BatchPollSeconds) }, cancellationToken);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Min(options.Value.BatchPollSeconds, 5)), time);
        bool isFailing = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(inFlight.Cut);
                isFailing = false;
            }
            catch (StoreUnavailableException exception)
            {
                if (!isFailing)
                {
                    isFailing = true;
                    BatchLog.NotPolled(logger, exception.Message);
                }
            }
            catch (OperationCanceledException) when (inFlight.Cut.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <returns>False when it could not be asked, or not accounted for: later again.</returns>
    private async Task<bool> TryRefreshAsync(StoredObject batch, CancellationToken cancellationToken)
    {
        try
        {
            return !ReferenceEquals(await accounts.RefreshAsync(batch, directory.Current, cancellationToken), batch);
        }
        catch (Exception exception) when (exception is not (StoreUnavailableException or OperationCanceledException))
        {
            // One batch that cannot be accounted for must not keep the others from it, nor end the silo.
            BatchLog.LookFailed(logger, batch.Id, batch.Provider, exception);
            return false;
        }
    }
}
