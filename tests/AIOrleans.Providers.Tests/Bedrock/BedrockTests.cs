using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Bedrock;

/// <summary>Calls of a fake Bedrock that checks signatures by itself.</summary>
public sealed class BedrockTests : IAsyncDisposable
{
    private readonly ManualClock clock = new(new DateTimeOffset(2026, 3, 1, 23, 59, 59, TimeSpan.Zero));
    private readonly ServiceProvider services = Attempts.Services();

    private IChatProvider Chat => services.GetRequiredService<IChatProvider>();

    [Theory]
    [InlineData("anthropic.claude-3-haiku-20240307-v1:0")]
    [InlineData("eu.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("a b/c~d?e#f%3Ag&h=i+é")]
    public async Task Signs_calls_of_any_model_so_that_the_server_agrees(string model)
    {
        await using ServiceProvider own = Attempts.Services(clock);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockCalls.Signed(null, UpstreamScripts.Json(BedrockScripts.Answer), clock));
        AttemptRequest request = BedrockCalls.Request(upstream, stream: false) with { Model = model };

        for (int i = 0; i < 2; i++)
        {
            AttemptResult result = await own.GetRequiredService<IChatProvider>().CallAsync(request, CancellationToken.None);

            Assert.Equal((9L, 2L), Assert.IsType<AttemptResult.Answered>(result).Chat.Usage is { } usage ? (usage.UncachedInput, usage.Output) : default);

            // The next signature is another day's.
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(upstream.Requests, received => Assert.Equal(BedrockCalls.Body, received.Text));
    }

    [Fact]
    public async Task Sends_and_signs_a_session_token()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockCalls.Signed("session/token+==", UpstreamScripts.Json(BedrockScripts.Answer), TimeProvider.System));

        AttemptResult result = await Chat.CallAsync(BedrockCalls.Request(upstream, stream: false, token: "session/token+=="), CancellationToken.None);

        Assert.IsType<AttemptResult.Answered>(result);
    }

    [Theory]
    [InlineData(BedrockCalls.KeyId, "another secret", BedrockCalls.Region)]
    [InlineData("AKIDANOTHER", BedrockCalls.SecretKey, BedrockCalls.Region)]
    [InlineData(BedrockCalls.KeyId, BedrockCalls.SecretKey, "us-east-1")]
    public async Task Is_refused_for_a_wrong_signature_and_keeps_to_itself_why(string keyId, string secret, string region)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockCalls.Signed(null, UpstreamScripts.Json(BedrockScripts.Answer), TimeProvider.System));
        AttemptRequest request = BedrockCalls.Request(upstream, stream: false);
        AwsAccess aws = new(region, new AwsCredentials(new Secret(keyId), new Secret(secret), null));

        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(request with { Provider = request.Provider with { Aws = aws } }, CancellationToken.None));

        Assert.Equal((FailureKind.BadStatus, 403, 0, false), (failure.Kind, failure.Status ?? 0, failure.Body.Length, failure.MayBeBilled));
        Assert.Null(failure.Error);
    }

    [Theory]
    [InlineData("", "/model/m%3A0/converse", "application/json")]
    [InlineData("stream", "/model/m%3A0/converse-stream", "application/vnd.amazon.eventstream")]
    [InlineData("count", "/model/m%3A0/count-tokens", "application/json")]
    public async Task Calls_with_an_api_key_and_without_a_signature(string asked, string target, string accept)
    {
        string? seen = null;
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(async (http, request) =>
        {
            seen = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()?.RawTarget;
            await UpstreamScripts.Json("""{"inputTokens":42}""")(http, request);
        });
        AttemptRequest request = BedrockCalls.Request(upstream, stream: asked == "stream") with { Model = "m:0", CountsOnly = asked == "count" };
        ProviderConfig provider = request.Provider with { ApiKey = new Secret("bedrock-api-key-1"), Aws = new AwsAccess(BedrockCalls.Region, null) };

        AttemptResult result = await Chat.CallAsync(request with { Provider = provider }, CancellationToken.None);

        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal((target, "Bearer bedrock-api-key-1", accept), (seen, received.Headers["authorization"], received.Headers["accept"]));
        Assert.DoesNotContain("x-amz-date", received.Headers.Keys);
        Assert.Equal(asked == "count" ? 42 : null, (result as AttemptResult.Counted)?.Tokens);
    }

    [Fact]
    public void Knows_the_address_of_a_region()
    {
        ProviderConfig provider = Attempts.Provider(new Uri("http://unused")) with { Kind = ProviderKinds.Bedrock, BaseUrl = null, Aws = new AwsAccess("us-west-2", null) };
        AttemptRequest request = Attempts.Request(provider, stream: true) with { Format = WireFormat.Bedrock, Model = "amazon.nova-pro-v1:0" };
        Assert.Equal(
            "https://bedrock-runtime.us-west-2.amazonaws.com/model/amazon.nova-pro-v1%3A0/converse-stream",
            AIOrleans.Providers.Http.Wires.ProviderWires.Of(provider).AddressOf(request).AbsoluteUri);
    }

    [Theory]
    [InlineData(400, "ValidationException", 400, ErrorKind.InvalidRequest, true)]
    [InlineData(404, "ResourceNotFoundException", 404, ErrorKind.NotFound, false)]
    [InlineData(408, "ModelTimeoutException", 408, ErrorKind.Timeout, false)]
    [InlineData(429, "ThrottlingException", 429, ErrorKind.RateLimit, false)]
    [InlineData(429, "ModelNotReadyException", 429, ErrorKind.Overloaded, false)]
    [InlineData(500, "InternalServerException", 500, ErrorKind.Internal, false)]
    [InlineData(503, "ServiceUnavailableException", 503, ErrorKind.Overloaded, false)]
    public async Task Tells_errors_before_the_stream(int status, string type, int meaning, ErrorKind kind, bool isRequestAtFault)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockScripts.Error(status, type, "Told."));

        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(BedrockCalls.Request(upstream), CancellationToken.None));

        Assert.Equal((meaning, new ChatError(kind, "Told."), isRequestAtFault, false), (failure.Status, failure.Error, failure.IsRequestAtFault, failure.MayBeBilled));
    }

    [Theory]
    [InlineData(400, "ServiceQuotaExceededException", 429)]
    [InlineData(424, "ModelErrorException", 502)]
    public async Task Takes_no_failure_of_its_own_for_a_mistake_of_the_client(int status, string type, int meaning)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockScripts.Error(status, type, "Told."));

        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(BedrockCalls.Request(upstream), CancellationToken.None));

        Assert.Equal((meaning, false, true), (failure.Status, failure.IsRequestAtFault, failure.IsTransient));
        Assert.Equal($"Provider 'up' answered with status {status}, which stands for {meaning}.", failure.Message);
    }

    [Fact]
    public async Task Shows_no_body_that_repeats_a_credential()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockScripts.Error(400, "ValidationException", $"Bad key {BedrockCalls.SecretKey}"));

        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(BedrockCalls.Request(upstream), CancellationToken.None));

        Assert.Equal((0, null), (failure.Body.Length, failure.Error));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
