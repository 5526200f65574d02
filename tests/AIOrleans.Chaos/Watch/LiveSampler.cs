using AIOrleans.Chaos.Audit;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;
using AIOrleans.Chaos.Provider;

namespace AIOrleans.Chaos.Watch;

/// <summary>Looks at the accounts of one gateway all the time: no strict quota and no bound of concurrency may be exceeded at any instant.</summary>
internal sealed class LiveSampler(int slot, Fleet fleet, TestCompany company, ManagementClient management, QuotaGrower grower, Invoice invoice, Verdict verdict, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private int samples;

    public int Samples => Volatile.Read(ref samples);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            GatewayLife gateway = await fleet.CurrentAsync(slot);
            try
            {
                foreach (Account account in company.Accounts)
                {
                    Check(await management.ReadLiveAsync(gateway, account, stop), gateway);
                    samples++;
                    await Task.Delay(Pause, time, stop);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                // The gateway died meanwhile, or the run is over. Should it refuse for good, the audit asks the same and fails.
                await Task.Delay(Pause, time);
            }
        }
    }

    private void Check(LiveAccount live, GatewayLife gateway)
    {
        string account = live.Account.Id;
        foreach (LiveQuota quota in live.Quotas)
        {
            // Read after the sample, so that it knows of every answer that the sample could know of.
            long excess = invoice.ExcessOf(account, quota.Metric);

            // Of several gateways another one may have granted by a quota that this one has not read yet.
            long amount = fleet.Count > 1 ? grower.NewestAmount(live.Account, quota.Name) : quota.Amount;
            if (quota.Used + quota.Held > amount + excess)
            {
                verdict.AddOnce($"{account} {quota.Name}", new Finding(
                    Fault.Overspend,
                    $"{account} {quota.Name} in gateway {gateway.Number}: used {quota.Used} + held {quota.Held} > amount {amount} + told beyond holds {excess}"));
            }
        }

        if (live.SlotsUsed > live.SlotsMax)
        {
            verdict.AddOnce($"{account} slots", new Finding(Fault.Overspend, $"{account}: {live.SlotsUsed} calls at once, {live.SlotsMax} allowed"));
        }
    }
}
