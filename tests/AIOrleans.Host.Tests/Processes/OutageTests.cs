using System.Net;
using System.Text.Json;
using AIOrleans.Testing;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Host.Tests.Processes;

/// <summary>Somebody else locks the database: calls of a tenant that allows it go on, and are in the ledger afterwards, also through kill -9.</summary>
public sealed class OutageTests
{
    private const string Allow = """{ "onStoreOutage": "allow-and-journal", "quotas": [ { "metric": "requests", "period": "total", "amount": 4 } ] }""";

    private const string TenantLive = "accounts/tenant/acme/live";

    [UnixFact]
    public async Task Calls_are_served_and_limited_and_recorded_when_the_ledger_is_back()
    {
        using var folder = new TempFolder();
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(Options(folder, Allow));
        Assert.Equal(200, await CallAsync(gateway));
        await Patience.UntilAsync("the first call is in the ledger", async () => (await gateway.EventsAsync()).Count == 1);

        await using (LockedDatabase.Of(folder))
        {
            // The ledger's own log takes what comes until the tables have to.
            Assert.Equal(200, await CallAsync(gateway));
            await gateway.LineAsync("The database is away");
            Assert.Equal([200, 200, 429], await CallAsync(gateway, 3));
            JsonElement live = await gateway.AdminAsync(TenantLive);
            Assert.Equal(4, live.GetProperty("quotas")[0].GetProperty("used").GetInt32());
            Assert.Equal((2, false), (live.GetProperty("journaled").GetProperty("settlements").GetInt32(), live.GetProperty("journaled").GetProperty("provisional").GetBoolean()));
            using HttpResponseMessage ready = await gateway.Client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            Assert.Contains("journaled", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await gateway.LineAsync("The ledger is back");
        Assert.Equal([true, true, false, false], (await gateway.EventsAsync()).Select(settled => settled.GetProperty("journaled").GetBoolean()));
        Assert.Equal(429, await CallAsync(gateway));
        Assert.False((await gateway.AdminAsync(TenantLive)).TryGetProperty("journaled", out _));
    }

    [UnixFact]
    public async Task What_was_served_during_an_outage_survives_a_kill()
    {
        using var folder = new TempFolder();
        string[] options = Options(folder, Allow);
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(options))
        {
            await using LockedDatabase locked = LockedDatabase.Of(folder);
            Assert.Equal(200, await CallAsync(gateway));
            using HttpResponseMessage running = await gateway.ChatAsync(ChatSamples.Request(SimulatedConfig.Endless, stream: true), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, running.StatusCode);
            await Patience.UntilAsync("the first call is settled", async () => SettlementsOf(await gateway.AdminAsync(TenantLive)) == 1);
            await gateway.KillAsync();
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(options);

        IReadOnlyList<JsonElement> events = await again.EventsAsync();
        Assert.Equal([(true, false), (true, true)], events.Select(Marks).Order());
        Assert.Equal([200, 200, 429], await CallAsync(again, 3));
        Assert.Equal(0, new FileInfo(Path.Combine(folder.Data, "outage.journal")).Length);
    }

    [UnixFact]
    public async Task Calls_of_others_are_refused_and_the_log_says_so_twice()
    {
        using var folder = new TempFolder();
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(Options(folder, "{}"));
        await using (LockedDatabase.Of(folder))
        {
            Assert.Equal([503, 503, 503], await CallAsync(gateway, 3));
        }

        Assert.False(File.Exists(Path.Combine(folder.Data, "outage.journal")));
        await Patience.UntilAsync("calls are let through and the log says so", async () =>
            await CallAsync(gateway) == 200 && gateway.Lines.Any(line => line.Contains("Calls are let through again", StringComparison.Ordinal)));
        Assert.Single(gateway.Lines, line => line.Contains("Calls are refused because", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Lines, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal));
        Assert.InRange(gateway.Lines.Count(line => line.StartsWith("warn:", StringComparison.Ordinal)), 3, 8);
    }

    private static string[] Options(TempFolder folder, string tenantLimits) =>
        ["--data", folder.Data, "--config", folder.Write("config.jsonc", SimulatedConfig.Json(tenantLimits: tenantLimits)), "--Ledger:StoreTimeoutSeconds", "1"];

    private static async Task<int> CallAsync(GatewayProcess gateway)
    {
        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request(SimulatedConfig.Fast));
        return (int)response.StatusCode;
    }

    /// <returns>The statuses of <paramref name="count"/> calls, one after the other.</returns>
    private static async Task<IReadOnlyList<int>> CallAsync(GatewayProcess gateway, int count)
    {
        List<int> statuses = [];
        for (int i = 0; i < count; i++)
        {
            statuses.Add(await CallAsync(gateway));
        }

        return statuses;
    }

    private static int SettlementsOf(JsonElement live) =>
        live.TryGetProperty("journaled", out JsonElement journaled) ? journaled.GetProperty("settlements").GetInt32() : 0;

    private static (bool Journaled, bool Estimated) Marks(JsonElement settled) =>
        (settled.GetProperty("journaled").GetBoolean(), settled.GetProperty("estimated").GetBoolean());

    /// <summary>Holds the write lock of a gateway's database: it can be read, and not written.</summary>
    private sealed class LockedDatabase : IAsyncDisposable
    {
        private readonly SqliteConnection connection;

        private LockedDatabase(SqliteConnection connection) => this.connection = connection;

        public static LockedDatabase Of(TempFolder folder)
        {
            var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Data, "aiorleans.db")};Pooling=False");
            connection.Open();
            using SqliteCommand begin = connection.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            begin.ExecuteNonQuery();
            return new LockedDatabase(connection);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
