using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Testing;

namespace AIOrleans.Providers.Tests.Keys;

/// <summary>Keys and every kind of call.</summary>
public sealed class KeyedCallTests : KeyTests
{
    private static readonly UpstreamScript Limit = UpstreamScripts.Json("{}", 429);

    private static readonly UpstreamScript Say = UpstreamScripts.Json(
        """{"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":2}}""");

    [Fact]
    public async Task A_limit_of_counting_is_none_of_answers()
    {
        ProviderConfig provider = (await ProviderOf(keys: 2)) with { Kind = "anthropic" };
        AttemptRequest request = Attempts.Request(provider) with { Format = WireFormat.Anthropic, CountsOnly = true };
        Answer(0, (http, received) => (received.Path.EndsWith("count_tokens", StringComparison.Ordinal) ? Limit : Say)(http, received));
        Answer(1, UpstreamScripts.Json("""{"input_tokens":3}"""));

        Assert.IsType<AttemptResult.Counted>(await CallAsync(request));
        Assert.IsType<AttemptResult.Answered>(await CallAsync(request with { CountsOnly = false }));

        Assert.Equal("0 1 0", Seen);
    }

    [Fact]
    public async Task A_provider_without_keys_is_called_without_one()
    {
        ProviderConfig provider = await ProviderOf(keys: 0);
        await using FakeUpstream open = await FakeUpstream.StartAsync(Good);

        await AnswersAsync(provider with { BaseUrl = open.BaseUrl });

        Assert.False(Assert.Single(open.Requests).Headers.ContainsKey("authorization"));
        Assert.Empty(HealthOf(provider));
    }

    [Fact]
    public async Task A_stream_takes_the_next_key_too()
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Refuse(0, 429);
        Answer(1, UpstreamScripts.Sse("one"));

        var streamed = Assert.IsType<AttemptResult.Streamed>(await CallAsync(Attempts.Request(provider, stream: true)));

        await using AnswerStream body = streamed.Body;
        Assert.Equal("data: one\n\n", await Attempts.ReadToEndAsync(body));
        Assert.Equal("0 1", Seen);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_between_two_keys_ends()
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        using CancellationTokenSource client = new();
        Refuse(0, 429);
        Answer(1, async (_, request) =>
        {
            await client.CancelAsync();
            await request.Closed;
        });

        await Assert.ThrowsAsync<AttemptCancelledException>(() => CallAsync(Attempts.Request(provider), client.Token));

        Assert.Equal("0 1", Seen);
    }
}
