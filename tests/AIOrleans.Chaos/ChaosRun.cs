using System.Globalization;
using AIOrleans.Chaos.Audit;
using AIOrleans.Chaos.Calls;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;
using AIOrleans.Chaos.Provider;
using AIOrleans.Chaos.Stores;
using AIOrleans.Chaos.Watch;

namespace AIOrleans.Chaos;

/// <summary>One run: traffic under fire, then silence, then the reckoning.</summary>
internal sealed class ChaosRun(ChaosOptions options, string folder, TextWriter output, TimeProvider time)
{
    /// <summary>Added to a lease before what is still held is a phantom: the keeper's round, and a busy machine.</summary>
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstAnswerMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    private readonly Verdict verdict = new();
    private readonly CallBook calls = new();
    private readonly TestCompany company = new(options.Seed);

    /// <returns>True when nothing was overspent, lost or made up.</returns>
    public async Task<bool> RunAsync()
    {
        var invoice = new Invoice(calls, tellsLess: options.Break == Sabotage.Invoice);
        await using FakeProvider provider = await FakeProvider.StartAsync(invoice, options.Seed, time);
        string configPath = Path.Combine(folder, "chaos.json");
        var grower = new QuotaGrower(company, provider.Url, configPath, time);
        grower.Write(0);
        await using IStore store = options.IsPostgres ? await PostgresStore.StartAsync() : new SqliteStore(folder);
        var saboteur = new Saboteur(store, options.Break);
        await using var fleet = new Fleet(options, store, folder, configPath);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) });
        var management = new ManagementClient(http);
        await fleet.StartAsync();
        await saboteur.PrepareAsync();

        LiveSampler[] samplers =
            [.. Enumerable.Range(0, fleet.Count).Select(slot => new LiveSampler(slot, fleet, company, management, grower, invoice, verdict, time))];
        await CallAsync(fleet, http, grower, new Killer(options, fleet, saboteur.WhileDownAsync, time), samplers);
        IReadOnlyList<LedgerEvent> events = await AuditAsync(fleet, management, invoice);
        output.WriteLine(
            $"{samplers.Sum(sampler => sampler.Samples)} samples, {invoice.Lines.Count} calls of providers, {events.Count} events in the ledger, "
            + $"{events.Count(e => e.IsOrphan)} of them for orphans{(options.Break == Sabotage.None ? "" : $", {saboteur.Rows} rows broken on purpose")}");
        verdict.Print(output);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"requests={calls.All.Count} kills={fleet.Kills} overspend={verdict.CountOf(Fault.Overspend)} lost={verdict.CountOf(Fault.Lost)} "
            + $"phantom={verdict.CountOf(Fault.Phantom)} estimated={events.Count(e => e.Estimated)}"));
        return verdict.IsClean;
    }

    /// <summary>Traffic, kills and growing quotas for as long as was asked; then the callers end what they began.</summary>
    private async Task CallAsync(Fleet fleet, HttpMessageInvoker http, QuotaGrower grower, Killer killer, LiveSampler[] samplers)
    {
        using var stop = new CancellationTokenSource();
        using var over = new CancellationTokenSource();

        // On a slow machine callers cannot keep up with growing quotas, and what nobody reaches nobody exceeds.
        Task growing = options.Break == Sabotage.Fencing ? Task.CompletedTask : grower.RunAsync(stop.Token);
        Task killing = killer.RunAsync(stop.Token);
        Task sampling = Task.WhenAll(samplers.Select(sampler => sampler.RunAsync(over.Token)));
        Task reporting = ReportAsync(fleet, over.Token);
        Task calling = Task.WhenAll(Enumerable.Range(0, options.Callers)
            .Select(number => new ChatCaller(number, options.Seed, company, fleet, calls, http, time).RunAsync(stop.Token)));

        // Time counts from the first answer: a busy machine needs long for it, and would otherwise prove nothing.
        await Task.WhenAny((await fleet.CurrentAsync(0)).Served, Task.Delay(FirstAnswerMax, time), calling);
        stop.CancelAfter(TimeSpan.FromSeconds(options.Seconds));
        await Task.WhenAll(calling, killing, growing);
        await over.CancelAsync();
        await Task.WhenAll(sampling, reporting);
    }

    private async Task ReportAsync(Fleet fleet, CancellationToken over)
    {
        long startedStamp = time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(ProgressPeriod, time, over);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{time.GetElapsedTime(startedStamp).TotalSeconds,5:0} s  {calls.Count} requests: {calls.Summary}; {fleet.Kills} kills"));
            }
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"denied by {string.Join(", ", calls.DenialsByLimit())}");
        }
    }

    /// <summary>
    /// Waits for answers that are still being given: a frozen gateway's callers give up before its calls end, and an estimate stands for those until then.
    /// </summary>
    private async Task WhenProvidersRestAsync(Invoice invoice)
    {
        long startedStamp = time.GetTimestamp();
        while (invoice.Lines.Any(line => line.End == LineEnd.Open) && time.GetElapsedTime(startedStamp) < LeaseMargin)
        {
            await Task.Delay(CallJudge.SettleMax, time);
        }

        await Task.Delay(CallJudge.SettleMax, time);
    }

    private async Task<IReadOnlyList<LedgerEvent>> AuditAsync(Fleet fleet, ManagementClient management, Invoice invoice)
    {
        await WhenProvidersRestAsync(invoice);
        var settling = new Settling(company, management, verdict, options.LeaseSeconds, time);
        GatewayLife gateway = await fleet.CurrentAsync(0);
        for (int slot = 0; slot < fleet.Count; slot++)
        {
            await settling.WaitAsync(await fleet.CurrentAsync(slot), LeaseMargin);
        }

        var counters = new CounterAudit(invoice, verdict);
        IReadOnlyList<LedgerEvent> events = await management.ReadEventsAsync(gateway);
        if (fleet.SharesAccounts)
        {
            // Otherwise each gateway knows only what it granted itself since it loaded: the ledger is what they share.
            counters.CheckCounters(await settling.ReadAllAsync(gateway), events, "memory's counters");
        }

        CostAudit.Check(events, verdict);
        var reckoning = new InvoiceAudit(calls, invoice, verdict);
        reckoning.Check(events);
        output.WriteLine(reckoning.Extent);
        gateway = await fleet.ReloadAsync();
        IReadOnlyList<LiveAccount> loaded = await settling.ReadAllAsync(gateway);
        counters.CheckCounters(loaded, events, "the database's counters");
        counters.CheckQuotas(loaded, events);
        ManagementClient.BillJson bill = await management.VerifyAsync(gateway);
        verdict.Add(bill.Mismatches.Select(found => new Finding(
            Fault.Misbilled, $"{found.Kind} of {found.Subject}: {found.Stored} stored, {found.Recomputed} recomputed")));
        if (bill.Events != events.Count)
        {
            verdict.Add(Fault.Misbilled, $"the gateway recomputed {bill.Events} events of {events.Count}");
        }

        return events;
    }
}
