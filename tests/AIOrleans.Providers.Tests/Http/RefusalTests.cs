using AIOrleans.Protocols.Chat;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Http;

/// <summary>Refusals in the words of each kind.</summary>
public sealed class RefusalTests : IAsyncDisposable
{
    private readonly ServiceProvider services = Attempts.Services();

    [Theory]
    [InlineData("anthropic", 529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ErrorKind.Overloaded, true)]
    [InlineData("anthropic", 413, """{"type":"error","error":{"type":"request_too_large","message":"Too large"}}""", ErrorKind.TooLarge, false)]
    [InlineData("anthropic", 400, """{"error":{"message":"in OpenAI's words","type":"invalid_request_error","param":"x","code":null}}""", ErrorKind.InvalidRequest, false)]
    [InlineData("gemini", 503, """{"error":{"code":503,"message":"Busy","status":"UNAVAILABLE"}}""", ErrorKind.Overloaded, true)]
    [InlineData("gemini", 400, """{"error":{"code":400,"message":"Bad","status":"INVALID_ARGUMENT","details":[]}}""", ErrorKind.InvalidRequest, false)]
    [InlineData("openai", 429, """[{"error":{"code":429,"message":"Slow","status":"RESOURCE_EXHAUSTED"}}]""", ErrorKind.RateLimit, true)]
    [InlineData("azure-openai", 404, """{"error":{"code":"DeploymentNotFound","message":"No such deployment"}}""", ErrorKind.NotFound, false)]
    public async Task Tells_the_error_of_its_protocol(string kind, int status, string body, ErrorKind expected, bool isTransient)
    {
        AttemptFailure failure = await FailAsync(kind, UpstreamScripts.Json(body, status));

        Assert.Equal((FailureKind.BadStatus, status, expected, isTransient, false), (failure.Kind, failure.Status, failure.Error?.Kind, failure.IsTransient, failure.MayBeBilled));
    }

    [Theory]
    [InlineData("gemini", """{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}""", 401, "which refuses its API key")]
    [InlineData("anthropic", """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}""", 402, "which refuses the account of its API key")]
    public async Task A_bad_request_that_is_the_keys_fault_is_not_the_clients(string kind, string body, int status, string words)
    {
        AttemptFailure failure = await FailAsync(kind, UpstreamScripts.Json(body, 400));

        Assert.Equal((status, false), (failure.Status, failure.IsRequestAtFault));
        Assert.Equal($"Provider 'up' answered with status 400, {words}.", failure.Message);
        Assert.Null(failure.Error);
        Assert.True(failure.Body.IsEmpty);
    }

    [Fact]
    public async Task Gemini_says_in_the_body_when_to_come_back()
    {
        const string Body = """{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"17s"}]}}""";

        Assert.Equal(TimeSpan.FromSeconds(17), (await FailAsync("gemini", UpstreamScripts.Json(Body, 429))).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(3), (await FailAsync("gemini", UpstreamScripts.Json(Body, 429, ("retry-after", "3")))).RetryAfter);
        Assert.Null((await FailAsync("openai", UpstreamScripts.Json(Body, 429))).RetryAfter);
    }

    [Fact]
    public async Task An_error_with_a_good_status_does_not_repeat_the_key()
    {
        AttemptFailure failure = await FailAsync("openai", UpstreamScripts.Json("""{"error":{"message":"Key sk-upstream is wrong"}}"""));

        Assert.Equal((FailureKind.Garbage, null), (failure.Kind, failure.Error));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task<AttemptFailure> FailAsync(string kind, UpstreamScript script)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(script);
        AttemptRequest request = Attempts.Request(Attempts.Provider(new Uri(upstream.BaseUrl, "/openai/v1"), apiKey: "sk-upstream") with { Kind = kind }) with
        {
            Format = kind switch { "anthropic" => WireFormat.Anthropic, "gemini" => WireFormat.Gemini, _ => WireFormat.OpenAiChat },
        };
        return await Attempts.FailureOf(services.GetRequiredService<IChatProvider>().CallAsync(request, CancellationToken.None));
    }
}
