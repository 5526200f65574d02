using System.Net;
using AIOrleans.Chaos.Audit;
using AIOrleans.Chaos.Calls;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;
using AIOrleans.Chaos.Provider;
using AIOrleans.Chaos.Stores;

namespace AIOrleans.Chaos.Drills;

/// <summary>Operates a cluster of real processes under load, and breaks it: silos come and go and are cut off, callers must not notice, and the bill must be right.</summary>
internal sealed class Drill(DrillOptions options, string folder, TextWriter output, TimeProvider time)
{
    /// <summary>Quotas as they would be after so long: what fails is then nobody's limit.</summary>
    private const long Ample = 10_000_000;

    private const int Starters = 2;

    private readonly Verdict verdict = new();
    private readonly CallBook calls = new();
    private readonly TestCompany company = new(options.Seed);
    private bool isGood = true;

    /// <returns>True when no step harmed a call that it need not, and the bill is right.</returns>
    public async Task<bool> RunAsync()
    {
        await using SiloNetwork network = await SiloNetwork.MakeAsync(SiloGroup.Max, options.Cuts);
        var invoice = new Invoice(calls, tellsLess: false);
        await using FakeProvider provider = await FakeProvider.StartAsync(invoice, options.Seed, IPAddress.Parse(network.Outside), isCalm: true, time);
        string configPath = Path.Combine(folder, "drill.json");
        await File.WriteAllTextAsync(configPath, ConfigText.Of(company, provider.Url, Ample));
        await using IStore store = await PostgresStore.StartAsync(network.Database);
        using var silos = new SiloGroup(network, store, folder, configPath, options, time);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2) });
        for (int slot = 0; slot < Starters; slot++)
        {
            await silos.StartAsync(slot);
        }

        var management = new ManagementClient(http);
        var revocations = new Revocations(management, http, verdict, output, time);
        await CallAsync(silos, http, new DrillSteps(silos, network, company, management, revocations, options, output, time));
        var reckoning = new Reckoning(company, calls, invoice, management, verdict, options.LeaseSeconds, output, time);
        IReadOnlyList<LedgerEvent> events = await reckoning.MakeAsync([.. silos.Running], sharesAccounts: true, silos.ReloadAsync);
        verdict.Print(output);
        output.WriteLine(reckoning.LineOf(options.Steps.Count(step => step is DrillStep.Kill or DrillStep.KillNew), events));
        return isGood && verdict.IsClean;
    }

    private async Task CallAsync(SiloGroup silos, HttpMessageInvoker http, DrillSteps steps)
    {
        using var stop = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        Task balancing = silos.BalanceAsync(over.Token);
        Task calling = Task.WhenAll(Enumerable.Range(0, options.Callers)
            .Select(number => new ChatCaller(number, options.Seed, company, silos, CallerHabits.Patient, calls, http, time).RunAsync(stop.Token)));

        // Whatever is called for the first time is slow.
        await steps.WatchAsync();
        foreach (DrillStep step in options.Steps)
        {
            DateTimeOffset from = time.GetUtcNow();
            GatewayLife? victim = await steps.TakeAsync(step);
            var report = new StepReport(DrillOptions.NameOf(step), victim, from, [.. calls.All.Where(call => call.EndedAt >= from)]);
            report.Print(output);
            isGood &= report.IsGood;
        }

        await stop.CancelAsync();
        await calling;
        await over.CancelAsync();
        await balancing;
    }
}
