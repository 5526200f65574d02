using System.Net;
using System.Text;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Tracing;

public sealed class TracingTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string CallerSpan = "b7ad6b7169203331";
    private const string Prompt = "what-the-person-wrote";
    private const string Answer = "what-the-model-wrote";

    private const int Server = 2;
    private const int Client = 3;

    [Fact]
    public async Task A_call_is_a_span_with_its_steps_and_attempts_below_the_callers()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using FakeUpstream broken = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Error("down"), 500));
        await using FakeUpstream sound = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer(Answer, promptTokens: 100, completionTokens: 20)));
        await using (RunningGateway gateway = await StartAsync(collector, TestConfig.Json(broken.BaseUrl, sound.BaseUrl)))
        {
            using HttpResponseMessage response = await CallAsync(gateway, ChatSamples.Request("gpt-4o", content: Prompt));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await gateway.WhenIdleAsync();
        }

        IReadOnlyList<ReceivedSpan> spans = [.. collector.Spans.Where(span => span.TraceId == TraceId)];
        ReceivedSpan root = Assert.Single(spans, span => span.Kind == Server);
        Assert.Equal((CallerSpan, "chat gpt-4o"), (root.ParentId, root.Name));
        Assert.Equal(
            ["accept", "authorize", "call", "hold", "identify", "relay", "repeat", "route", "settle"],
            spans.Where(span => span.ParentId == root.Id).Select(span => span.Name).Order(StringComparer.Ordinal));
        string call = spans.Single(span => span.Name == "call").Id;
        ReceivedSpan[] attempts = [.. spans.Where(span => span.Kind == Client).OrderBy(span => span.Attributes["aiorleans.attempt"], StringComparer.Ordinal)];
        Assert.Equal(["chat up-model", "chat spare-model"], attempts.Select(span => span.Name));
        Assert.All(attempts, span => Assert.Equal(call, span.ParentId));
        Assert.Equal("status_500", attempts[0].Attributes["error.type"]);
        AssertAttributes(attempts[1], ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "spare-model"),
            ("aiorleans.provider", "spare"), ("gen_ai.usage.input_tokens", "100"), ("gen_ai.usage.output_tokens", "20"), ("server.address", "127.0.0.1"));
        AssertAttributes(root, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"), ("http.response.status_code", "200"),
            ("aiorleans.outcome", "success"), ("aiorleans.tenant", "acme"), ("aiorleans.attempts", "2"), ("aiorleans.protocol", "openai"));
        Assert.Equal("aiorleans", collector.Resource["service.name"]);
        Assert.All(sound.Requests, request => Assert.DoesNotContain("traceparent", request.Headers.Keys, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Nothing_that_is_sent_holds_a_secret_or_what_people_wrote()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer(Answer)));
        await using (RunningGateway gateway = await StartAsync(collector, TestConfig.Json(upstream.BaseUrl)))
        {
            using HttpResponseMessage told = await CallAsync(gateway, ChatSamples.Request("gpt-4o", content: Prompt));
            using HttpResponseMessage inAddress = await gateway.Client.PostAsync(
                $"/v1beta/models/gpt-4o:generateContent?key={TestConfig.OtherKey}", new StringContent("{}", Encoding.UTF8, "application/json"));
            using HttpResponseMessage unknown = await CallAsync(gateway, ChatSamples.Request(Prompt));
            await gateway.WhenIdleAsync();
        }

        Assert.NotEmpty(collector.Spans);
        Assert.NotEmpty(collector.Metrics);
        foreach (string secret in (string[])[TestConfig.Key, TestConfig.OtherKey, TestConfig.AdminKey, "sk-upstream-canary", Prompt, Answer])
        {
            Assert.DoesNotContain(secret, collector.Raw, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Denials_and_failures_are_told()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using FakeUpstream broken = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Error("down"), 500));
        await using (RunningGateway gateway = await StartAsync(collector, TestConfig.Json(broken.BaseUrl)))
        {
            using HttpResponseMessage unknown = await CallAsync(gateway, ChatSamples.Request("gpt-none"));
            using HttpResponseMessage failed = await CallAsync(gateway, ChatSamples.Request("gpt-4o"));
            Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.BadGateway], [unknown.StatusCode, failed.StatusCode]);
            await gateway.WhenIdleAsync();
        }

        ReceivedSpan[] calls = [.. collector.Spans.Where(span => span.Kind == Server && span.TraceId == TraceId)];
        ReceivedSpan denied = Assert.Single(calls, span => span.Attributes.GetValueOrDefault("aiorleans.denial") == "model_not_found");
        AssertAttributes(denied, ("aiorleans.outcome", "denied"), ("http.response.status_code", "404"));
        Assert.Equal("chat", denied.Name);
        ReceivedSpan failure = Assert.Single(calls, span => span.Attributes.GetValueOrDefault("aiorleans.denial") == "provider_failed");
        AssertAttributes(failure, ("aiorleans.outcome", "provider_error"), ("error.type", "provider_failed"));
    }

    [Fact]
    public async Task Standard_variables_name_the_service_the_headers_and_the_sampler()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using (RunningGateway gateway = await StartAsync(
            collector, TestConfig.Json(new Uri("http://127.0.0.1:9")), "--OTEL_SERVICE_NAME", "llm-edge", "--OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test",
            "--OTEL_EXPORTER_OTLP_HEADERS", "x-collector=let-me-in", "--OTEL_TRACES_SAMPLER", "parentbased_always_off"))
        {
            using HttpResponseMessage alone = await gateway.ChatAsync(ChatSamples.Request("sim-1"));
            using HttpResponseMessage sampled = await CallAsync(gateway, ChatSamples.Request("sim-1"));
            await gateway.WhenIdleAsync();
        }

        Assert.Equal([TraceId], collector.Spans.Select(span => span.TraceId).Distinct());
        AssertAttributes(collector.Resource, ("service.name", "llm-edge"), ("deployment.environment.name", "test"));
        Assert.All(collector.Headers, header => Assert.Equal("let-me-in", header));
    }

    [Fact]
    public async Task Providers_get_the_attempts_traceparent_where_that_is_asked_for()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using (RunningGateway gateway = await StartAsync(collector, TestConfig.Json(upstream.BaseUrl), "--Tracing:ToProviders", "true"))
        {
            using HttpResponseMessage response = await CallAsync(gateway, ChatSamples.Request("gpt-4o"));
            await gateway.WhenIdleAsync();
        }

        ReceivedSpan attempt = Assert.Single(collector.Spans, span => span.Kind == Client && span.TraceId == TraceId);
        Assert.Equal($"00-{TraceId}-{attempt.Id}-01", Assert.Single(upstream.Requests).Headers["traceparent"]);
    }

    [Fact]
    public async Task Streams_end_their_attempt_with_their_last_byte()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using (RunningGateway gateway = await StartAsync(collector, TestConfig.Json(new Uri("http://127.0.0.1:9"))))
        {
            using HttpResponseMessage response = await CallAsync(gateway, ChatSamples.Request("sim-1", stream: true));
            await gateway.WhenIdleAsync();
        }

        ReceivedSpan attempt = Assert.Single(collector.Spans, span => span.Kind == Client && span.TraceId == TraceId);
        Assert.True(int.Parse(attempt.Attributes["gen_ai.usage.output_tokens"], System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Theory]
    [InlineData("--OTEL_SDK_DISABLED", "true")]
    [InlineData("--OTEL_TRACES_EXPORTER", "none")]
    public async Task Nothing_is_traced_where_it_is_switched_off(string variable, string value)
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using (RunningGateway gateway = await StartAsync(collector, TestConfig.Json(new Uri("http://127.0.0.1:9")), variable, value))
        {
            using HttpResponseMessage response = await CallAsync(gateway, ChatSamples.Request("sim-1"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await gateway.WhenIdleAsync();
        }

        Assert.Empty(collector.Spans);
    }

    [Fact]
    public async Task Metrics_go_to_the_collector_too()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using (RunningGateway gateway = await StartAsync(collector, TestConfig.Json(new Uri("http://127.0.0.1:9"))))
        {
            using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("sim-1"));
            await gateway.WhenIdleAsync();
        }

        Assert.Superset(
            new HashSet<string> { "aiorleans.requests", "aiorleans.cost.usd", "gen_ai.client.operation.duration", "aiorleans.ledger.reachable", "dotnet.process.cpu.time" },
            collector.Metrics.ToHashSet());
    }

    private static Task<RunningGateway> StartAsync(OtlpReceiver collector, string config, params string[] options) => RunningGateway.StartAsync(
        config,
        ["--OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url.ToString(), "--OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", .. options]);

    private static Task<HttpResponseMessage> CallAsync(RunningGateway gateway, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", $"00-{TraceId}-{CallerSpan}-01");
        return gateway.Client.SendAsync(request);
    }

    private static void AssertAttributes(ReceivedSpan span, params (string Name, string Value)[] expected) => AssertAttributes(span.Attributes, expected);

    private static void AssertAttributes(IReadOnlyDictionary<string, string> attributes, params (string Name, string Value)[] expected) =>
        Assert.All(expected, pair => Assert.Equal($"{pair.Name}={pair.Value}", $"{pair.Name}={attributes.GetValueOrDefault(pair.Name)}"));
}
