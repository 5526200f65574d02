using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using static AIOrleans.Host.Tests.Media.MediaConfig;

namespace AIOrleans.Host.Tests.Media;

public sealed class RankingTests
{
    private const string Ranks = """{"id":"r","results":[{"index":1,"relevance_score":0.9}],"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1.0}}}""";

    [Theory]
    [InlineData("/v1/rerank")]
    [InlineData("/v2/rerank")]
    public async Task Ranks_pass_and_are_charged_by_the_searches_that_were_billed(string path)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Ranks));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync(path, """{"model":"rank","query":"q","documents":["a",{"text":"b"}],"top_n":1}""");

        Assert.Equal(Ranks, await response.Content.ReadAsStringAsync());
        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal(("/v1/rerank", """{"model":"rerank-v3.5","query":"q","documents":["a",{"text":"b"}],"top_n":1}"""), (received.Path, received.Text));
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((0.002m, 1L, false, "rerank"), (charged.Cost(), charged.Count("searchUnits"), charged.IsEstimated(), charged.Operation()));
    }

    [Fact]
    public async Task Services_that_tell_tokens_are_charged_by_them()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("""{"model":"jina-reranker","usage":{"total_tokens":815},"results":[]}"""));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/rerank", """{"model":"jina","query":"q","documents":["a"]}""");

        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((0.0000163m, 815L, false), (charged.Cost(), charged.Count("uncachedInput"), charged.IsEstimated()));
    }

    [Fact]
    public async Task Every_hundred_documents_are_a_search_and_held()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("""{"results":[]}"""));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl, """{ "quotas": [ { "metric": "cost", "period": "month", "amount": 0.005 } ] }""");
        static string Asking(int documents) => $$"""{"model":"rank","query":"q","documents":{{JsonSerializer.Serialize(Enumerable.Repeat("text", documents))}}}""";

        using HttpResponseMessage denied = await gateway.PostAsync("/v1/rerank", Asking(201));
        using HttpResponseMessage fits = await gateway.PostAsync("/v1/rerank", Asking(101));

        Assert.Equal((HttpStatusCode.PaymentRequired, HttpStatusCode.OK), (denied.StatusCode, fits.StatusCode));
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((0.004m, 2L, true), (charged.Cost(), charged.Count("searchUnits"), charged.IsEstimated()));
    }

    [Fact]
    public async Task A_moderation_that_names_no_model_is_the_latest_and_passes_otherwise_as_it_is()
    {
        const string Verdict = """{"id":"modr-1","model":"omni-2024","results":[{"flagged":false}]}""";
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Verdict));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/moderations", """ { "input": ["a", "b"] }""");

        Assert.Equal(Verdict, await response.Content.ReadAsStringAsync());
        Assert.Equal(""" {"model":"omni-2024", "input": ["a", "b"] }""", Assert.Single(upstream.Requests).Text);
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((0m, false, "moderations"), (charged.Cost(), charged.IsEstimated(), charged.Operation()));
    }
}
