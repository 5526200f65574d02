using System.Text;
using AIOrleans.Protocols.Chat;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Http;

public sealed class BadStatusTests : IAsyncDisposable
{
    private readonly ServiceProvider services = Attempts.Services();

    [Theory]
    [InlineData(400, false, true, ErrorKind.InvalidRequest)]
    [InlineData(404, false, false, ErrorKind.NotFound)]
    [InlineData(408, true, false, ErrorKind.Timeout)]
    [InlineData(422, false, true, ErrorKind.Unprocessable)]
    [InlineData(429, true, false, ErrorKind.RateLimit)]
    [InlineData(500, true, false, ErrorKind.Internal)]
    [InlineData(503, true, false, ErrorKind.Overloaded)]
    [InlineData(529, true, false, ErrorKind.Overloaded)]
    public async Task Tells_a_bad_status_with_its_error(int status, bool isTransient, bool isRequestAtFault, ErrorKind kind)
    {
        AttemptFailure failure = await FailAsync(UpstreamScripts.Json(ChatSamples.Error("why", "t", "\"c\""), status));

        Assert.Equal((FailureKind.BadStatus, status), (failure.Kind, failure.Status));
        Assert.Equal(new ChatError(kind, "why", null, "c"), failure.Error);
        Assert.Equal((isTransient, isRequestAtFault, false), (failure.IsTransient, failure.IsRequestAtFault, failure.MayBeBilled));
        Assert.Equal(ChatSamples.Error("why", "t", "\"c\""), Encoding.UTF8.GetString(failure.Body.Span));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Keeps_what_a_provider_says_of_the_gateways_credentials(int status)
    {
        AttemptFailure failure = await FailAsync(UpstreamScripts.Json(ChatSamples.Error("Incorrect API key: sk-up...eam"), status));

        Assert.Null(failure.Error);
        Assert.True(failure.Body.IsEmpty);
        Assert.Equal("Provider 'up' answered with status " + status + ".", failure.Message);
    }

    [Fact]
    public async Task Keeps_a_body_that_repeats_the_key()
    {
        AttemptFailure failure = await FailAsync(UpstreamScripts.Json(ChatSamples.Error("Key sk-upstream is over its limit"), 429));

        Assert.Null(failure.Error);
        Assert.True(failure.Body.IsEmpty);
    }

    [Fact]
    public async Task Does_not_follow_redirects()
    {
        AttemptFailure failure = await FailAsync(UpstreamScripts.Json("", 307, ("location", "http://127.0.0.1:1/")));

        Assert.Equal((FailureKind.BadStatus, 307), (failure.Kind, failure.Status));
    }

    [Theory]
    [InlineData("retry-after", "7", 7000.0)]
    [InlineData("retry-after", "0.5", 500.0)]
    [InlineData("retry-after-ms", "1234.5", 1234.5)]
    [InlineData("retry-after", "Fri, 31 Dec 2100 23:59:59 GMT", 86_400_000.0)]
    [InlineData("retry-after", "999999999999999999999", 86_400_000.0)]
    [InlineData("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT", null)]
    [InlineData("retry-after", "-5", null)]
    [InlineData("retry-after", "soon", null)]
    [InlineData("other", "5", null)]
    public async Task Reads_when_to_come_back(string name, string value, double? expectedMillis)
    {
        AttemptFailure failure = await FailAsync(UpstreamScripts.Json("{}", 429, (name, value)));

        Assert.Equal(expectedMillis, failure.RetryAfter?.TotalMilliseconds);
    }

    [Fact]
    public async Task Prefers_milliseconds() =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(1500),
            (await FailAsync(UpstreamScripts.Json("{}", 429, ("retry-after", "2"), ("retry-after-ms", "1500")))).RetryAfter);

    [Fact]
    public async Task Bounds_the_body_and_keeps_the_status()
    {
        AttemptFailure failure = await FailAsync(UpstreamScripts.Body(new byte[1_000_000], "text/html", 502));

        Assert.Equal((502, 64 * 1024), (failure.Status, failure.Body.Length));
    }

    [Fact]
    public async Task Keeps_the_status_when_the_body_breaks_off()
    {
        await using RawUpstream upstream = RawUpstream.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 503 Busy\r\nretry-after: 3\r\ncontent-length: 100\r\n\r\n{");
            connection.Reset();
        });

        AttemptFailure failure = await FailAsync(upstream.BaseUrl);

        Assert.Equal((FailureKind.BadStatus, 503, TimeSpan.FromSeconds(3)), (failure.Kind, failure.Status, failure.RetryAfter));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task<AttemptFailure> FailAsync(UpstreamScript script)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(script);
        return await FailAsync(upstream.BaseUrl);
    }

    private Task<AttemptFailure> FailAsync(Uri baseUrl) => Attempts.FailureOf(
        services.GetRequiredService<IChatProvider>().CallAsync(Attempts.Request(Attempts.Provider(baseUrl, apiKey: "sk-upstream")), CancellationToken.None));
}
