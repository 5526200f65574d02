using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using static AIOrleans.Host.Tests.Media.MediaConfig;

namespace AIOrleans.Host.Tests.Media;

public sealed class ImagesTests
{
    private const string Two = """{ "created": 1,  "data": [ { "url": "https://a" }, { "b64_json": "AAAA" } ] }""";

    private const string WithTokens = """
        {"created":1,"data":[{"b64_json":"AAAA"}],"usage":{"total_tokens":4210,"input_tokens":50,"output_tokens":4160,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}
        """;

    [Fact]
    public async Task An_answer_passes_as_it_is_and_each_image_made_is_charged()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Two));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/images/generations", """{ "prompt" : "a cat", "model":"dall-e",  "n":2, "x": [1.50] }""");

        Assert.Equal((HttpStatusCode.OK, Two), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal(("/v1/images/generations", """{ "prompt" : "a cat", "model":"dall-e-3",  "n":2, "x": [1.50] }"""), (received.Path, received.Text));
        Assert.Equal("0.08", response.Header("x-aiorleans-cost-usd"));
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((0.08m, 2L, 0L, false, "images"), (charged.Cost(), charged.Count("imagesMade"), charged.Count("total"), charged.IsEstimated(), charged.Operation()));
    }

    [Fact]
    public async Task A_form_passes_byte_for_byte_but_for_the_model_and_tokens_of_images_have_their_own_price()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(WithTokens));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);
        byte[] Sent(string model) => Form(("image[]", "a.png", Noise(50_000)), Field("prompt", "é"), Field("model", model), ("image[]", "b.png", []), Field("size", "auto"));

        using HttpResponseMessage response = await gateway.PostFormAsync("/v1/images/edits", Sent("gpt-image"));

        Assert.Equal((HttpStatusCode.OK, WithTokens), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal(Sent("gpt-image-1"), received.Body);
        Assert.Equal(("/v1/images/edits", $"multipart/form-data; boundary={Boundary}"), (received.Path, received.Headers["content-type"]));
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal(((10 * 5m) + (40 * 10m) + (4160 * 40m)) / 1_000_000, charged.Cost());
        Assert.Equal((10L, 40L, 4160L, 2L), (charged.Count("uncachedInput"), charged.Count("imageInput"), charged.Count("imageOutput"), charged.Count("images")));
    }

    [Fact]
    public async Task Edits_come_as_json_too_and_variations_only_as_a_form()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Two));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage edit = await gateway.PostAsync("/v1/images/edits", """{"model":"dall-e","prompt":"p","images":[{"image_url":"https://a"}]}""");
        using HttpResponseMessage variation = await gateway.PostFormAsync("/v1/images/variations", Form(("image", "a.png", Noise(10)), Field("model", "dall-e"), Field("n", "2")));
        using HttpResponseMessage json = await gateway.PostAsync("/v1/images/variations", """{"model":"dall-e"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest), (edit.StatusCode, variation.StatusCode, json.StatusCode));
        Assert.Equal("unsupported_content_type", await json.CodeAsync());
        Assert.Equal(["/v1/images/edits", "/v1/images/variations"], upstream.Requests.Select(request => request.Path));
        Assert.Equal([0.08m, 0.08m], (await gateway.EventsAsync()).Select(charged => charged.Cost()));
    }

    [Fact]
    public async Task A_stream_with_images_of_megabytes_passes_and_tells_its_usage_at_the_end()
    {
        string large = $$"""{"type":"image_generation.partial_image","partial_image_index":0,"b64_json":"{{new string('A', 3_000_000)}}"}""";
        const string Last = """{"type":"image_generation.completed","b64_json":"AAAA","usage":{"input_tokens":10,"output_tokens":100,"total_tokens":110,"input_tokens_details":{"text_tokens":10,"image_tokens":0}}}""";
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse(large, Last));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/images/generations", """{"model":"gpt-image","prompt":"p","stream":true,"partial_images":1}""");

        Assert.Equal($"data: {large}\n\ndata: {Last}\n\n", await response.Content.ReadAsStringAsync());
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((((10 * 5m) + (100 * 40m)) / 1_000_000, 1L, false), (charged.Cost(), charged.Count("imagesMade"), charged.IsEstimated()));
    }

    [Fact]
    public async Task All_images_asked_for_are_held_so_that_a_strict_budget_is_never_exceeded()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Two));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl, """{ "quotas": [ { "metric": "cost", "period": "month", "amount": 0.11 } ] }""");

        using HttpResponseMessage three = await gateway.PostAsync("/v1/images/generations", """{"model":"dall-e","prompt":"p","n":3}""");
        using HttpResponseMessage two = await gateway.PostAsync("/v1/images/generations", """{"model":"dall-e","prompt":"p","n":2}""");

        Assert.Equal((HttpStatusCode.PaymentRequired, HttpStatusCode.OK), (three.StatusCode, two.StatusCode));
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_quota_of_operations_counts_images_and_nothing_else()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Two), UpstreamScripts.Json("""{"id":"m","results":[]}"""));
        await using RunningGateway gateway = await StartAsync(
            upstream.BaseUrl, """{ "quotas": [ { "metric": "operations", "operation": "images", "period": "day", "amount": 1 } ] }""");

        using HttpResponseMessage first = await gateway.PostAsync("/v1/images/generations", """{"model":"dall-e","prompt":"p"}""");
        using HttpResponseMessage second = await gateway.PostAsync("/v1/images/generations", """{"model":"dall-e","prompt":"p"}""");
        using HttpResponseMessage other = await gateway.PostAsync("/v1/moderations", """{"input":"x"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (first.StatusCode, second.StatusCode, other.StatusCode));
    }

    [Theory]
    [InlineData("sim-1")]
    [InlineData("claude")]
    public async Task A_provider_without_such_calls_is_refused_before_anything_is_held(string model)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync();
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/images/generations", $$"""{"model":"{{model}}","prompt":"p"}""");

        Assert.Equal((HttpStatusCode.BadRequest, "unsupported_operation"), (response.StatusCode, await response.CodeAsync()));
        Assert.Empty(await gateway.EventsAsync());
    }
}
