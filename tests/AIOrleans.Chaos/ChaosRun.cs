using System.Globalization;
using System.Net;
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
    private static readonly TimeSpan FirstAnswerMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    private readonly Verdict verdict = new();
    private readonly CallBook calls = new();
    private readonly TestCompany company = new(options.Seed);

    /// <returns>True when nothing was overspent, lost or made up.</returns>
    public async Task<bool> RunAsync()
    {
        var invoice = new Invoice(calls, tellsLess: options.Break == Sabotage.Invoice);
        await using FakeProvider provider = await FakeProvider.StartAsync(invoice, options.Seed, IPAddress.Loopback, isCalm: false, time);
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
        var reckoning = new Reckoning(company, calls, invoice, management, verdict, options.LeaseSeconds, output, time);
        GatewayLife[] lives = await Task.WhenAll(Enumerable.Range(0, fleet.Count).Select(fleet.CurrentAsync));
        IReadOnlyList<LedgerEvent> events = await reckoning.MakeAsync(lives, fleet.SharesAccounts, fleet.ReloadAsync);
        output.WriteLine(
            $"{samplers.Sum(sampler => sampler.Samples)} samples, {invoice.Lines.Count} calls of providers, {events.Count} events in the ledger, "
            + $"{events.Count(e => e.IsOrphan)} of them for orphans{(options.Break == Sabotage.None ? "" : $", {saboteur.Rows} rows broken on purpose")}");
        verdict.Print(output);
        output.WriteLine(reckoning.LineOf(fleet.Kills, events));
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
            .Select(number => new ChatCaller(number, options.Seed, company, fleet, CallerHabits.Usual, calls, http, time).RunAsync(stop.Token)));

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
}
