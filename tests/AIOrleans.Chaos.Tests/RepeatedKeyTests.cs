using System.Net.Http.Headers;
using System.Text;
using AIOrleans.Chaos.Audit;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;
using AIOrleans.Chaos.Stores;
using AIOrleans.Testing;

namespace AIOrleans.Chaos.Tests;

/// <summary>Callers that repeat one <c>Idempotency-Key</c> at two gateways on one database: the provider's invoice counts one.</summary>
/// <remarks>In the Embedded edition the two share nothing but the database, which is the worst case of a cluster; in the Cluster edition they are silos of one.</remarks>
public sealed class RepeatedKeyTests : IAsyncLifetime
{
    private const string Secret = "sk-chaos-key";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Body = ChatSamples.Request("gpt", stream: true);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("aiorleans-keys-");
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly SseFeed feed = new();
    private FakeUpstream? upstream;
    private PostgresStore? store;
    private Fleet? fleet;

    private FakeUpstream Upstream => upstream!; // ! Set at the begin of each test.

    private PostgresStore Store => store!; // ! Set at the begin of each test.

    private Fleet Gateways => fleet!; // ! Set at the begin of each test.

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await (fleet?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (upstream?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (store?.DisposeAsync() ?? ValueTask.CompletedTask);
        http.Dispose();
        folder.Delete(recursive: true);
    }

    [StorageFact("postgresql")]
    public async Task Calls_at_both_gateways_are_one_call_one_charge_and_equal_answers()
    {
        await StartAsync(leaseSeconds: 5);
        GatewayLife[] lives = [await Gateways.CurrentAsync(0), await Gateways.CurrentAsync(1)];
        Task<Answer>[] asked = [.. Enumerable.Range(0, 50).Select(i => ChatAsync(lives[i % 2]))];
        await Upstream.NextRequestAsync().WaitAsync(Patience);
        await feed.SendAsync(ChatSamples.Word("Once"));
        await EndAsync();

        Answer[] answers = await Task.WhenAll(asked).WaitAsync(Patience);

        Assert.Equal((200, true), Assert.Single(answers.Select(answer => (answer.Status, answer.Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal))).Distinct()));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Single(answers, answer => !answer.IsReplay);
        Assert.Single(Upstream.Requests);
        LedgerEvent charged = Assert.Single(await EventsAsync(lives[1], 1));
        Assert.Equal(charged.RequestId, Assert.Single(answers.Select(answer => answer.RequestId).Distinct()));
    }

    [StorageFact("postgresql")]
    public async Task A_killed_gateways_call_is_made_again_at_the_other_after_its_lease_and_charged_as_estimated()
    {
        await StartAsync(leaseSeconds: 5);
        GatewayLife dying = await Gateways.CurrentAsync(0);
        GatewayLife living = await Gateways.CurrentAsync(1);
        Task<Answer> lost = ChatAsync(dying);
        await Upstream.NextRequestAsync().WaitAsync(Patience);
        await feed.SendAsync(ChatSamples.Word("Once"));
        Task<Answer>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => ChatAsync(living))];

        await dying.KillAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => lost);
        Answer[] answers = await Task.WhenAll(waiting).WaitAsync(Patience);
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Contains("Anew", Assert.Single(answers.Select(answer => answer.Text).Distinct()), StringComparison.Ordinal);
        Assert.Equal(2, Upstream.Requests.Count);
        IReadOnlyList<LedgerEvent> events = await EventsAsync(living, 2);
        Assert.Single(events, charged => charged.IsOrphan);
        Assert.Single(events, charged => charged.RequestId == answers[0].RequestId && !charged.Estimated);
    }

    [LongStorageFact("postgresql")]
    public async Task An_answer_that_ends_while_the_database_is_away_is_kept_when_it_is_back()
    {
        await StartAsync(leaseSeconds: 60);
        GatewayLife leader = await Gateways.CurrentAsync(0);
        Task<Answer> asked = ChatAsync(leader);
        await Upstream.NextRequestAsync().WaitAsync(Patience);
        await feed.SendAsync(ChatSamples.Word("Once"));

        Task crash = Store.CrashAsync(TimeSpan.FromSeconds(4));
        await EndAsync();
        Answer first = await asked.WaitAsync(Patience);
        Answer meanwhile = await ChatAsync(leader).WaitAsync(Patience);
        await crash;
        Answer after = await ChatAsync(await Gateways.CurrentAsync(1)).WaitAsync(Patience);

        Assert.EndsWith("data: [DONE]\n\n", first.Text, StringComparison.Ordinal);
        Assert.Equal((first.Text, true), (meanwhile.Text, meanwhile.IsReplay));
        Assert.Equal((first.Text, true), (after.Text, after.IsReplay));
        Assert.Single(Upstream.Requests);
        Assert.False(Assert.Single(await EventsAsync(leader, 1)).Estimated);
    }

    private static string ConfigOf(Uri upstream) => $$"""
        {
          "providers": [ { "name": "up", "kind": "openai", "baseUrl": "{{upstream}}" } ],
          "models": [ { "name": "gpt", "routes": [ { "provider": "up", "model": "gpt" } ], "price": { "inputPerMillion": 1, "outputPerMillion": 2 },
                        "contextTokensMax": 128000, "outputTokensMax": 1000 } ],
          "tenants": [ { "id": "acme", "orgs": [ { "id": "eng", "teams": [ { "id": "core", "keys": [ { "id": "k1", "secret": "{{Secret}}" } ] } ] } ] } ],
          "admins": [ { "id": "root", "secret": "{{TestCompany.AdminSecret}}" } ]
        }
        """;

    private async Task StartAsync(int leaseSeconds)
    {
        upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed), UpstreamScripts.Sse(ChatSamples.Stream("Anew")));
        store = await PostgresStore.StartAsync();
        string configPath = Path.Combine(folder.FullName, "config.json");
        await File.WriteAllTextAsync(configPath, ConfigOf(upstream.BaseUrl));
        fleet = new Fleet(new ChaosOptions { IsPostgres = true, Silos = 2, LeaseSeconds = leaseSeconds }, store, folder.FullName, configPath);
        await fleet.StartAsync();
    }

    private async Task EndAsync()
    {
        await feed.SendAsync(ChatSamples.Finish);
        await feed.SendAsync(ChatSamples.UsageChunk(9, 2));
        await feed.SendAsync("[DONE]");
        await feed.EndAsync();
    }

    private async Task<Answer> ChatAsync(GatewayLife gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, "/v1/chat/completions"))
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
        request.Headers.Add("Idempotency-Key", "one");
        using HttpResponseMessage response = await http.SendAsync(request, CancellationToken.None);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.GetValues("x-aiorleans-request-id").Single(),
            response.Headers.Contains("x-aiorleans-idempotent-replayed"));
    }

    /// <summary>The ledger, as soon as it has <paramref name="count"/> events.</summary>
    private async Task<IReadOnlyList<LedgerEvent>> EventsAsync(GatewayLife gateway, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var management = new ManagementClient(http);
        IReadOnlyList<LedgerEvent> events = [];
        while (events.Count < count)
        {
            await Task.Delay(50, patience.Token);
            events = await management.ReadEventsAsync(gateway);
        }

        return events;
    }

    private sealed record Answer(int Status, string Text, string RequestId, bool IsReplay);
}
