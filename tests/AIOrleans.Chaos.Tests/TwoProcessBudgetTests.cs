#if CLUSTER
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AIOrleans.Chaos.Audit;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;
using AIOrleans.Chaos.Stores;

namespace AIOrleans.Chaos.Tests;

/// <summary>One strict budget, asked for over HTTP through two processes of the product that form a cluster on one PostgreSQL.</summary>
public sealed class TwoProcessBudgetTests
{
    private const int Calls = 50;
    private const int Affordable = 10;
    private const long NanoPerUsd = 1_000_000_000;

    /// <summary>A token of output costs a dollar and input nothing, so that a call of 100 tokens holds and costs exactly 100 dollars.</summary>
    private const string Config = """
        {
          "providers": [ { "name": "sim", "kind": "simulated", "simulation": { "latencyMs": 500, "outputTokens": 100 } } ],
          "models": [ { "name": "m", "routes": [ { "provider": "sim", "model": "m" } ],
                        "price": { "inputPerMillion": 0, "outputPerMillion": 1000000 }, "contextTokensMax": 100000, "outputTokensMax": 1000 } ],
          "tenants": [ { "id": "acme", "timeZone": "UTC", "limits": { "quotas": [ { "metric": "cost", "period": "total", "amount": 1000, "mode": "strict" } ] },
            "orgs": [ { "id": "eng", "users": [ { "id": "dev", "keys": [ { "id": "k1", "secret": "sk-two" } ] } ] } ] } ],
          "admins": [ { "id": "root", "secret": "sk-chaos-admin" } ]
        }
        """;

    private static readonly Account Tenant = new("tenant:acme", [], null);

    [StorageFact("postgresql")]
    public async Task Fifty_calls_at_once_through_two_processes_admit_exactly_ten()
    {
        string folder = Directory.CreateTempSubdirectory("aiorleans-two-").FullName;
        string configPath = Path.Combine(folder, "two.json");
        await File.WriteAllTextAsync(configPath, Config);
        await using IStore store = await PostgresStore.StartAsync();
        await using (var fleet = new Fleet(new ChaosOptions { Silos = 2, IsPostgres = true }, store, folder, configPath))
        {
            await fleet.StartAsync();
            using var http = new HttpClient();
            GatewayLife[] gateways = [await fleet.CurrentAsync(0), await fleet.CurrentAsync(1)];

            HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => CallAsync(http, gateways[i % 2])));

            Assert.Equal(
                [(HttpStatusCode.OK, Affordable), (HttpStatusCode.PaymentRequired, Calls - Affordable)],
                answers.CountBy(answer => answer).Select(entry => (entry.Key, entry.Value)).Order());
            var management = new ManagementClient(http);
            foreach (GatewayLife gateway in gateways)
            {
                await WhenIdleAsync(management, gateway);
                LiveQuota quota = Assert.Single((await management.ReadLiveAsync(gateway, Tenant, CancellationToken.None)).Quotas);
                Assert.Equal((1000 * NanoPerUsd, 0L, 1000 * NanoPerUsd), (quota.Used, quota.Held, quota.Amount));
            }

            Assert.Equal(1000 * NanoPerUsd, (await management.ReadEventsAsync(gateways[0])).Sum(e => e.CostNano));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient http, GatewayLife gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, "/v1/chat/completions"))
        {
            Content = new StringContent("""{"model":"m","max_tokens":100,"messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk-two");
        using HttpResponseMessage response = await http.SendAsync(request);
        await response.Content.ReadAsStringAsync();
        return response.StatusCode;
    }

    /// <summary>Settlements run beside the next request.</summary>
    private static async Task WhenIdleAsync(ManagementClient management, GatewayLife gateway)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await management.ReadLiveAsync(gateway, Tenant, patience.Token)).IsIdle)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }
}
#endif
