using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Chat;

public sealed class ChatTests
{
    [Fact]
    public async Task An_answer_passes_as_the_provider_sent_it_and_is_charged_exactly()
    {
        string body = ChatSamples.Answer("Hi there", promptTokens: 9, completionTokens: 2);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(body));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.Equal("0.0000425", Header(response, "x-aiorleans-cost-usd"));
        Assert.Equal("up", Header(response, "x-aiorleans-provider"));
        Assert.Equal("up-model", Header(response, "x-aiorleans-model"));
        Assert.Equal("1", Header(response, "x-aiorleans-attempts"));
        JsonElement charged = Assert.Single(await gateway.EventsAsync());
        Assert.Equal(0.0000425m, charged.GetProperty("costUsd").GetDecimal());
        Assert.Equal(Header(response, "x-aiorleans-request-id"), charged.GetProperty("requestId").GetString());
        Assert.Equal("rnd", charged.GetProperty("tags").GetProperty("department").GetString());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task Only_the_model_and_the_credentials_change_on_the_way_to_the_provider()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        await gateway.ChatAsync("""{ "model" : "gpt-4o", "messages":[{"role":"user","content":"Hello"}],  "future_field": {"a":[1,2.50]} }""");

        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal("""{ "model" : "up-model", "messages":[{"role":"user","content":"Hello"}],  "future_field": {"a":[1,2.50]} }""", received.Text);
        Assert.Equal("Bearer sk-upstream-canary", received.Headers["authorization"]);
        Assert.DoesNotContain(received.Headers, header => header.Value.Contains(TestConfig.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_is_metered_and_its_usage_chunk_kept_from_a_client_that_did_not_ask()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse(ChatSamples.Stream("Hi", " there")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true));
        string text = await response.Content.ReadAsStringAsync();

        Assert.StartsWith("text/event-stream", response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal); // ! Always sent.
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"prompt_tokens\":9", text, StringComparison.Ordinal);
        Assert.Contains("include_usage", Assert.Single(upstream.Requests).Text, StringComparison.Ordinal);
        Assert.Equal(0.0000425m, Assert.Single(await gateway.EventsAsync()).GetProperty("costUsd").GetDecimal());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task The_first_bytes_of_a_stream_arrive_before_the_provider_sends_more()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        Task<HttpResponseMessage> asked = gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true), HttpCompletionOption.ResponseHeadersRead);
        await feed.SendAsync(ChatSamples.Word("first"));
        using HttpResponseMessage response = await asked.WaitAsync(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("first", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);

        await feed.SendAsync(ChatSamples.Finish);
        await feed.SendAsync("[DONE]");
        await feed.EndAsync();
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_list_what_the_key_may_use_even_when_its_budget_is_spent()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync();
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string>
        {
            ["app"] = """{ "quotas": [ { "metric": "cost", "period": "month", "amount": 0 } ] }""",
        }));

        using JsonDocument list = JsonDocument.Parse(await gateway.Client.GetStringAsync("/v1/models"));

        Assert.Equal(["free", "gpt-4o", "sim-1"], list.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync("/v1/models/gpt-4o")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Client.GetAsync("/v1/models/secret")).StatusCode);
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
