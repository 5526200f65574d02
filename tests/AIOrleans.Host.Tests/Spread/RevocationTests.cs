using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Processes;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Spread;

/// <summary>Two gateways share a database. Once one has acknowledged that a key is revoked, the other does not let it in, whatever the network does.</summary>
public sealed class RevocationTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const int Tries = 10_000;

    private static readonly Uri Nowhere = new("http://127.0.0.1:9/v1");

    [PostgresFact]
    public async Task After_the_acknowledgement_no_try_of_10_000_is_let_in_elsewhere()
    {
        string database = await server.CreateDatabaseAsync();
        await using RunningGateway writer = await SharedDatabase.StartAsync(database, TestConfig.Json(Nowhere));
        await using RunningGateway other = await SharedDatabase.StartAsync(database, TestConfig.Json(Nowhere));
        using var admittedBefore = new SemaphoreSlim(0);
        int acknowledged = 0;
        int late = 0;
        using var stop = new CancellationTokenSource();
        Task[] callers = [.. Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                bool isAfter = Volatile.Read(ref acknowledged) == 1;
                if (await ChatAsync(other) == HttpStatusCode.OK)
                {
                    admittedBefore.Release();
                    Interlocked.Add(ref late, isAfter ? 1 : 0);
                }
            }
        })];
        for (int i = 0; i < 50; i++)
        {
            Assert.True(await admittedBefore.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        using HttpResponseMessage revoked = await RevokeAsync(writer);
        Volatile.Write(ref acknowledged, 1);
        int[] statuses = await TryAsync(other, Tries);
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.False(revoked.Headers.Contains("x-aiorleans-unconfirmed"));
        Assert.Equal($"{writer.Service<Core.Directory.IDirectory>().Current.Revision}", Assert.Single(revoked.Headers.GetValues("x-aiorleans-revision")));
        Assert.Equal([401], statuses.Distinct());
        Assert.Equal(0, late);
    }

    [PostgresFact]
    public async Task A_gateway_that_is_cut_off_refuses_by_the_time_of_the_acknowledgement_and_serves_again()
    {
        string database = await server.CreateDatabaseAsync();
        await using var gate = new TcpGate(SharedDatabase.PortOf(database));
        await using RunningGateway writer = await SharedDatabase.StartAsync(database, TestConfig.Json(Nowhere));
        await using RunningGateway cut = await SharedDatabase.StartAsync(database.Through(gate), TestConfig.Json(Nowhere));
        Assert.Equal([200], (await TryAsync(cut, 10)).Distinct());
        gate.Cut();

        long begunStamp = TimeProvider.System.GetTimestamp();
        using HttpResponseMessage revoked = await RevokeAsync(writer);
        TimeSpan took = TimeProvider.System.GetElapsedTime(begunStamp);

        int[] statuses = await TryAsync(cut, Tries);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Single(revoked.Headers.GetValues("x-aiorleans-unconfirmed"));
        Assert.InRange(took.TotalSeconds, 0, SharedDatabase.StaleSeconds + 10);
        Assert.Equal([503], statuses.Distinct());
        Assert.Equal("directory_stale", await CodeAsync(cut));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await cut.Client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await cut.Admin.GetAsync("/api/v1/prices")).StatusCode);

        gate.Mend();
        using HttpClient others = ClientOf(cut, TestConfig.OtherKey);
        await Patience.UntilAsync("the gateway serves again", async () => (await others.GetAsync("/v1/models")).StatusCode == HttpStatusCode.OK);
        Assert.Equal([401], (await TryAsync(cut, 10)).Distinct());
        await Patience.UntilAsync("it is ready again", async () => (await cut.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    [PostgresFact]
    public async Task A_tenant_that_lets_calls_be_journaled_is_served_by_a_gateway_that_is_cut_off()
    {
        string database = await server.CreateDatabaseAsync();
        await using var gate = new TcpGate(SharedDatabase.PortOf(database));
        await using RunningGateway cut = await SharedDatabase.StartAsync(
            database.Through(gate),
            TestConfig.Json(Nowhere, limits: new Dictionary<string, string> { ["tenant"] = """{ "onStoreOutage": "allow-and-journal" }""" }));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(cut));
        gate.Cut();
        await Patience.UntilAsync("it has heard nothing for too long", () => Task.FromResult(cut.Service<Identity.DirectoryFreshness>().IsStale));

        Assert.Equal(HttpStatusCode.OK, await ChatAsync(cut));
        Assert.Equal(HttpStatusCode.OK, (await cut.Client.GetAsync("/health/ready")).StatusCode);
        gate.Mend();
        await Patience.UntilAsync("all calls are in the ledger", async () => (await cut.EventsAsync()).Count == 2);
    }

    [PostgresFact]
    public async Task Each_gateway_shows_both_and_one_that_is_killed_falls_silent()
    {
        string database = await server.CreateDatabaseAsync();
        await using var gate = new TcpGate(SharedDatabase.PortOf(database));
        await using RunningGateway one = await SharedDatabase.StartAsync(database, TestConfig.Json(Nowhere));
        await using (RunningGateway cut = await SharedDatabase.StartAsync(database.Through(gate), TestConfig.Json(Nowhere)))
        {
            Assert.Equal(HttpStatusCode.OK, await ChatAsync(cut));
            await Patience.UntilAsync("both serve, and the load of the other is known", async () =>
                (await ClusterAsync(one)) is var cluster && StatusesOf(cluster).SequenceEqual(["serving", "serving"]) && cluster.GetProperty("hottestAccounts").GetArrayLength() > 0);
            gate.Cut();
            await Patience.UntilAsync("the other is silent", async () => StatusesOf(await ClusterAsync(one)).SequenceEqual(["serving", "silent"]));
            gate.Mend();
            await Patience.UntilAsync("both serve again", async () => StatusesOf(await ClusterAsync(one)).SequenceEqual(["serving", "serving"]));
        }

        Assert.Equal(["serving"], StatusesOf(await ClusterAsync(one)));
    }

    private static async Task<JsonElement> ClusterAsync(RunningGateway gateway)
    {
        using JsonDocument document = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/api/v1/cluster"));
        return document.RootElement.Clone();
    }

    private static IEnumerable<string?> StatusesOf(JsonElement cluster) =>
        cluster.GetProperty("silos").EnumerateArray().Select(silo => silo.GetProperty("status").GetString()).Order(StringComparer.Ordinal);

    private static HttpClient ClientOf(RunningGateway gateway, string key) =>
        new() { BaseAddress = gateway.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

    private static Task<HttpResponseMessage> RevokeAsync(RunningGateway gateway) => gateway.Admin.PostAsync("/api/v1/keys/acme.eng.k1/revoke", content: null);

    private static async Task<HttpStatusCode> ChatAsync(RunningGateway gateway)
    {
        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("sim-1"));
        return response.StatusCode;
    }

    /// <summary>Statuses of many tries that need nothing but the directory in memory.</summary>
    private static async Task<int[]> TryAsync(RunningGateway gateway, int count)
    {
        int[] statuses = new int[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
        {
            using HttpResponseMessage response = await gateway.Client.GetAsync("/v1/models", stop);
            statuses[i] = (int)response.StatusCode;
        });
        return statuses;
    }

    private static async Task<string?> CodeAsync(RunningGateway gateway)
    {
        using HttpResponseMessage response = await gateway.Client.PostAsync(
            "/v1/chat/completions", new StringContent(ChatSamples.Request("sim-1"), Encoding.UTF8, "application/json"));
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("error").GetProperty("code").GetString();
    }
}
