using System.Globalization;
using AIOrleans.Chaos.Calls;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;
using AIOrleans.Chaos.Provider;
using AIOrleans.Chaos.Watch;

namespace AIOrleans.Chaos.Audit;

/// <summary>What ends a run: waits until all is settled, then compares memory, database, ledger and the provider's invoice with each other.</summary>
internal sealed class Reckoning(
    TestCompany company, CallBook calls, Invoice invoice, ManagementClient management, Verdict verdict, int leaseSeconds, TextWriter output, TimeProvider time)
{
    /// <summary>Added to a lease before what is still held is a phantom: the keeper's round, and a busy machine.</summary>
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(15);

    /// <param name="gateways">All that live.</param>
    /// <param name="sharesAccounts">Each account lives once, in whichever of them.</param>
    /// <param name="reload">Ends all and starts at least one, which then knows only what the database does.</param>
    /// <returns>The ledger.</returns>
    public async Task<IReadOnlyList<LedgerEvent>> MakeAsync(IReadOnlyList<GatewayLife> gateways, bool sharesAccounts, Func<Task<GatewayLife>> reload)
    {
        await WhenProvidersRestAsync();
        var settling = new Settling(company, management, verdict, leaseSeconds, time);
        foreach (GatewayLife life in gateways)
        {
            await settling.WaitAsync(life, LeaseMargin);
        }

        GatewayLife gateway = gateways[0];
        var counters = new CounterAudit(invoice, verdict);
        IReadOnlyList<LedgerEvent> events = await management.ReadEventsAsync(gateway);
        if (sharesAccounts)
        {
            // Otherwise each gateway knows only what it granted itself since it loaded: the ledger is what they share.
            counters.CheckCounters(await settling.ReadAllAsync(gateway), events, "memory's counters");
        }

        CostAudit.Check(events, verdict);
        var audit = new InvoiceAudit(calls, invoice, verdict);
        audit.Check(events);
        output.WriteLine(audit.Extent);
        gateway = await reload();
        IReadOnlyList<LiveAccount> loaded = await settling.ReadAllAsync(gateway);
        counters.CheckCounters(loaded, events, "the database's counters");
        counters.CheckQuotas(loaded, events);
        await CheckBillAsync(gateway, events);
        return events;
    }

    /// <summary>The line that a run ends with.</summary>
    public string LineOf(int kills, IReadOnlyList<LedgerEvent> events) => string.Create(
        CultureInfo.InvariantCulture,
        $"requests={calls.All.Count} kills={kills} overspend={verdict.CountOf(Fault.Overspend)} lost={verdict.CountOf(Fault.Lost)} "
        + $"phantom={verdict.CountOf(Fault.Phantom)} estimated={events.Count(e => e.Estimated)}");

    private async Task CheckBillAsync(GatewayLife gateway, IReadOnlyList<LedgerEvent> events)
    {
        ManagementClient.BillJson bill = await management.VerifyAsync(gateway);
        verdict.Add(bill.Mismatches.Select(found => new Finding(
            Fault.Misbilled, $"{found.Kind} of {found.Subject}: {found.Stored} stored, {found.Recomputed} recomputed")));
        if (bill.Events != events.Count)
        {
            verdict.Add(Fault.Misbilled, $"the gateway recomputed {bill.Events} events of {events.Count}");
        }
    }

    /// <summary>
    /// Waits for answers that are still being given: a frozen gateway's callers give up before its calls end, and an estimate stands for those until then.
    /// </summary>
    private async Task WhenProvidersRestAsync()
    {
        long startedStamp = time.GetTimestamp();
        while (invoice.Lines.Any(line => line.End == LineEnd.Open) && time.GetElapsedTime(startedStamp) < LeaseMargin)
        {
            await Task.Delay(CallJudge.SettleMax, time);
        }

        await Task.Delay(CallJudge.SettleMax, time);
    }
}
