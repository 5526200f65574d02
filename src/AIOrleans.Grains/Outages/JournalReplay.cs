using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Requests;
using AIOrleans.Grains.Usage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Outages;

/// <summary>Brings what the journal has to the ledger: at the start what an earlier process left, before calls are served, and after each outage.</summary>
/// <remarks>
/// Exactly once, because the ledger takes an event once by (hold, attempt). Usage is truth: the ledger takes it whatever epochs the accounts
/// have reached meanwhile, and what exceeds a limit is debt. The accounts then load anew.
/// </remarks>
internal sealed class JournalReplay(
    StoreOutage outage, JournaledHolds journal, ILedger ledger, AccountNotices notices, UsagePublisher publisher, OutageSettlements settlements,
    TimeProvider time, ILogger<JournalReplay> logger)
    : BackgroundService
{
    /// <summary>Settlements brought at once: they share transactions.</summary>
    private const int RoundMax = 256;

    /// <summary>Between two looks whether the ledger is back, or whether calls in the journal have ended.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly SettlementWindows windows = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        (int settledCount, IReadOnlyList<DurableHold> open) = await journal.OpenAsync(cancellationToken);
        if (settledCount + open.Count > 0)
        {
            OutageLog.Inherited(logger, settledCount, open.Count);
            foreach (DurableHold hold in open)
            {
                // Its process died during the call: the most that it can have used is charged.
                journal.Estimate(hold.Id, HoldEvents.Estimated(hold, time.GetUtcNow()) with { Journaled = true });
            }

            await TryReplayAsync();
            outage.Wake();
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Brings everything that is settled, and ends the outage; false when the ledger is away.</summary>
    public async Task<bool> TryReplayAsync()
    {
        try
        {
            DateTimeOffset now = time.GetUtcNow();

            // Renews nobody's hold: the least that shows whether the ledger can be written.
            await ledger.RenewAsync([HoldId.New(now)], now, CancellationToken.None);
            await EndOverdueAsync(now);
            while (journal.Settled(RoundMax) is { Count: > 0 } round)
            {
                await Task.WhenAll(round.Select(settled => BringAsync(settled.Id, settled.Events)));
            }

            outage.End();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await outage.Wakes.WaitToReadAsync(stoppingToken))
        {
            outage.Wakes.TryRead(out _);
            await TryReplayAsync();
            if (outage.IsAway || journal.HasWork)
            {
                await Task.Delay(Period, time, stoppingToken);
                outage.Wake();
            }
        }
    }

    /// <summary>Settles calls whose request vanished, as their account's keeper would.</summary>
    private async Task EndOverdueAsync(DateTimeOffset now)
    {
        foreach (DurableHold hold in journal.Overdue(now))
        {
            OutageLog.Overdue(logger, hold.Id.ToString());
            await settlements.TrySettleAsync(SettlementOf(hold.Id, [HoldEvents.Estimated(hold, now)]));
        }
    }

    private async Task BringAsync(HoldId id, IReadOnlyList<UsageEvent> events)
    {
        try
        {
            Settlement settlement = SettlementOf(id, events);
            await ledger.SettleAsync(settlement, CancellationToken.None);
            journal.Forget(id);
            await notices.TellAsync(settlement, isReplay: true, SettlementPlace.Replayed);
            publisher.Publish(events);
        }
        catch (Exception exception) when (exception is not StoreUnavailableException)
        {
            // It would be refused for ever: one that is wrong must not keep the others from the ledger.
            OutageLog.ReplayRefused(logger, id.ToString(), exception);
            journal.SetAside(id);
        }
    }

    private Settlement SettlementOf(HoldId id, IReadOnlyList<UsageEvent> events) =>
        new(id, events, windows.At(events[0].SettledAt, events[0].Attribution.TimeZone));
}
