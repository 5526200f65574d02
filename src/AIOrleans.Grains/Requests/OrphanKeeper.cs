using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Requests;

/// <summary>Settles holds that outlived their lease (their silo died) as estimated. Every silo has one; the ledger lets each hold end once.</summary>
internal sealed class OrphanKeeper(ILedger ledger, Settlements settlements, Corrections corrections, TimeProvider time, ILogger<OrphanKeeper> logger) : BackgroundService
{
    /// <summary>How often it looks: what a hold may outlive its lease by.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Holds ended per look: bounds the work of one transaction after a crash under full load.</summary>
    private const int CountMax = 500;

    /// <summary>Settles everything that is overdue now, as far as the ledger can be reached.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        bool goesOn;
        do
        {
            IReadOnlyList<DurableHold> orphans = await ledger.ReadExpiredAsync(time.GetUtcNow(), CountMax, cancellationToken);
            if (orphans.Count == 0)
            {
                return;
            }

            RequestLog.OrphansFound(logger, orphans.Count);
            bool[] ended = await Task.WhenAll(orphans.Select(TrySettleAsync));
            goesOn = orphans.Count == CountMax && Array.TrueForAll(ended, end => end);
        }
        while (goesOn);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool isAway = false;
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
                await corrections.TellAsync(stoppingToken);
                isAway = false;
            }
            catch (StoreUnavailableException exception)
            {
                if (!isAway)
                {
                    isAway = true;
                    RequestLog.SweepWaits(logger, exception.Message);
                }
            }
        }
    }

    private async Task<bool> TrySettleAsync(DurableHold orphan)
    {
        try
        {
            return await settlements.TrySettleOrphanAsync(orphan);
        }
        catch (Exception exception)
        {
            // One hold that cannot be settled must not keep the others from ending, nor end the silo.
            RequestLog.OrphanRefused(logger, orphan.Id.ToString(), exception);
            return false;
        }
    }
}
