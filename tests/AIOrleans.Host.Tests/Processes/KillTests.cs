using System.Net;
using System.Text.Json;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Processes;

/// <summary>kill -9 at the worst moment: after a restart on the same data nothing that was used is forgotten, and no hold stays for ever.</summary>
public sealed class KillTests
{
    private const string FiveRequests = """{ "quotas": [ { "metric": "requests", "period": "total", "amount": 5 } ] }""";

    private const string TeamLive = "accounts/team/acme.eng.core/live";

    [UnixFact]
    public async Task Usage_is_still_there_and_limits_continue_from_it()
    {
        using var folder = new TempFolder();
        string[] options = Options(folder, FiveRequests);
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(options))
        {
            Assert.Equal([200, 200, 200], await CallAsync(gateway, 3));
            await Patience.UntilAsync("three calls are in the ledger", async () => (await gateway.EventsAsync()).Count == 3);
            await gateway.KillAsync();
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(options);
        Assert.Equal(3, (await again.EventsAsync()).Count);
        Assert.Equal([200, 200, 429, 429], await CallAsync(again, 4));
    }

    [UnixFact]
    public async Task Calls_whose_settlement_was_cut_off_count_all_the_same()
    {
        using var folder = new TempFolder();
        string[] options = Options(folder, FiveRequests);
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(options))
        {
            Assert.Equal([200, 200, 200], await CallAsync(gateway, 3));
            await gateway.KillAsync();
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(options);
        Assert.Equal([200, 200, 429], await CallAsync(again, 3));
        await Patience.UntilAsync(
            "all five calls are in the ledger", async () => (await again.EventsAsync()).Sum(settled => settled.GetProperty("requests").GetInt32()) == 5);
        Assert.Equal([429], await CallAsync(again, 1));
    }

    [UnixFact]
    public async Task A_hold_in_flight_is_settled_as_estimated_after_its_lease()
    {
        using var folder = new TempFolder();
        string[] options = Options(folder, """{ "quotas": [ { "metric": "cost", "period": "month", "amount": 1 } ] }""");
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(options))
        {
            using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request(SimulatedConfig.Endless, stream: true), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await gateway.KillAsync();
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(options);
        await Patience.UntilAsync("the orphan is settled", async () => (await again.EventsAsync()).Count == 1);

        JsonElement settled = Assert.Single(await again.EventsAsync());
        Assert.True(settled.GetProperty("estimated").GetBoolean());
        decimal costUsd = settled.GetProperty("costUsd").GetDecimal();
        Assert.True(costUsd > 0);
        await Patience.UntilAsync("its account has given the hold back", async () => HoldsOf(await again.AdminAsync(TeamLive)) == 0);
        JsonElement quota = Assert.Single((await again.AdminAsync(TeamLive)).GetProperty("quotas").EnumerateArray());
        Assert.Equal(costUsd, quota.GetProperty("used").GetDecimal());
        Assert.Equal(0, quota.GetProperty("held").GetDecimal());
    }

    private static string[] Options(TempFolder folder, string teamLimits) =>
        ["--data", folder.Data, "--config", folder.Write("config.jsonc", SimulatedConfig.Json(teamLimits)), "--Ledger:LeaseSeconds", "5"];

    /// <returns>The statuses of <paramref name="count"/> calls, one after the other.</returns>
    private static async Task<IReadOnlyList<int>> CallAsync(GatewayProcess gateway, int count)
    {
        List<int> statuses = [];
        for (int i = 0; i < count; i++)
        {
            using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request(SimulatedConfig.Fast));
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }

    private static int HoldsOf(JsonElement live) => live.GetProperty("holds").GetProperty("count").GetInt32();
}
