using System.Text;
using AIOrleans.Host.Tests.Media;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>The unmodified OpenAI client for Node against the gateway, for images, audio and moderations.</summary>
public sealed class OpenAiNodeMediaTests
{
    private static readonly byte[] Sound = [.. Enumerable.Range(0, 70_000).Select(i => (byte)(i * 31 % 251))];

    [NodeFact("openai")]
    public async Task The_client_for_Node_works_unmodified()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(AnswerAsync);
        await using RunningGateway gateway = await MediaConfig.StartAsync(upstream.BaseUrl);

        await NodeSuite.RunAsync("media.test.js", new Dictionary<string, string?> { ["AIORLEANS_URL"] = gateway.Url.ToString(), ["AIORLEANS_KEY"] = TestConfig.Key });

        Assert.Equal(6, (await gateway.EventsAsync()).Count);
    }

    private static Task AnswerAsync(HttpContext http, UpstreamRequest request)
    {
        // Files have to come whole: both of an edit, the one of a recording.
        bool isForm = request.Headers.TryGetValue("content-type", out string? type) && type.StartsWith("multipart/", StringComparison.Ordinal);
        bool isWhole = !isForm || request.Body.AsSpan().Count(Sound) == (request.Path == "/v1/images/edits" ? 2 : 1);
        UpstreamScript script = !isWhole ? UpstreamScripts.Json("{}", 500) : request.Path switch
        {
            "/v1/images/generations" or "/v1/images/edits" => UpstreamScripts.Json("""{"created":1,"data":[{"b64_json":"AAAA"}]}"""),
            "/v1/audio/speech" => UpstreamScripts.Body(Sound, "audio/mpeg"),
            "/v1/audio/transcriptions" when Encoding.Latin1.GetString(request.Body).Contains("gpt-4o-transcribe", StringComparison.Ordinal) => UpstreamScripts.Sse(
                """{"type":"transcript.text.delta","delta":"Hello"}""",
                """{"type":"transcript.text.done","text":"Hello","usage":{"type":"tokens","input_tokens":9,"output_tokens":1,"total_tokens":10}}"""),
            "/v1/audio/transcriptions" => UpstreamScripts.Json("""{"text":"Hello","usage":{"type":"duration","seconds":3}}"""),
            _ => UpstreamScripts.Json("""{"id":"m","model":"omni-2024","results":[{"flagged":true}]}"""),
        };
        return script(http, request);
    }
}
