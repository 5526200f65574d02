using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Management;

/// <summary><c>GET /api/v1/cluster</c> of one process.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task One_process_shows_itself_its_grains_and_its_hottest_accounts()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:9/v1")));
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("sim-1"));
            response.EnsureSuccessStatusCode();
        }

        await gateway.WhenIdleAsync();
        using JsonDocument document = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/api/v1/cluster?hottest=2"));
        JsonElement cluster = document.RootElement;

        JsonElement silo = Assert.Single(cluster.GetProperty("silos").EnumerateArray());
        Assert.Equal(
            ("serving", "all", gateway.Url.ToString().TrimEnd('/')),
            (silo.GetProperty("status").GetString(), silo.GetProperty("role").GetString(), silo.GetProperty("httpAddress").GetString()));
        Assert.Equal(cluster.GetProperty("answeredBy").GetString(), silo.GetProperty("name").GetString());
        Assert.Equal(cluster.GetProperty("revision").GetInt64(), silo.GetProperty("directoryRevision").GetInt64());
        Assert.True(silo.GetProperty("load").GetProperty("memoryBytes").GetInt64() > 1_000_000);
        JsonElement accounts = cluster.GetProperty("activations").EnumerateArray().Single(kind => kind.GetProperty("kind").GetString() == "Account");
        Assert.Equal((7, silo.GetProperty("name").GetString()), (accounts.GetProperty("count").GetInt32(), accounts.GetProperty("silo").GetString()));
        JsonElement[] hottest = [.. cluster.GetProperty("hottestAccounts").EnumerateArray()];
        Assert.Equal(2, hottest.Length);
        Assert.All(hottest, hot => Assert.True(hot.GetProperty("holdsPerSecond").GetDecimal() > 0));
    }
}
