using AIOrleans.Core.Limits;
using AIOrleans.Protocols.Anthropic;

namespace AIOrleans.Protocols.Tests.Anthropic;

public sealed class AnthropicRateLimitHeadersTests
{
    private static readonly DateTimeOffset Now = new(2025, 8, 21, 14, 40, 58, 500, TimeSpan.FromHours(2));

    [Fact]
    public void Tells_resets_as_instants_in_utc_rounded_up()
    {
        Headroom headroom = new(new HeadroomLine(50, 49, TimeSpan.FromMilliseconds(12)), new HeadroomLine(160_000, -3, TimeSpan.FromSeconds(60)));
        Assert.Equal(
            "anthropic-ratelimit-requests-limit=50 anthropic-ratelimit-requests-remaining=49 anthropic-ratelimit-requests-reset=2025-08-21T12:40:59Z "
            + "anthropic-ratelimit-tokens-limit=160000 anthropic-ratelimit-tokens-remaining=0 anthropic-ratelimit-tokens-reset=2025-08-21T12:41:59Z",
            Show(AnthropicRateLimitHeaders.Of(headroom, Now)));
        Assert.Empty(AnthropicRateLimitHeaders.Of(Headroom.Unlimited, Now));
    }

    [Fact]
    public void Tells_coding_clients_that_and_until_when_they_are_refused()
    {
        Assert.Equal(
            "retry-after=2 retry-after-ms=1500 anthropic-ratelimit-unified-status=rejected anthropic-ratelimit-unified-reset=1755780060",
            Show(AnthropicRateLimitHeaders.OfWait(TimeSpan.FromMilliseconds(1500), Now)));
        Assert.Equal("x-should-retry=false anthropic-ratelimit-unified-status=rejected", Show(AnthropicRateLimitHeaders.OfWait(null, Now)));
    }

    private static string Show(IEnumerable<KeyValuePair<string, string>> headers) => string.Join(' ', headers.Select(h => $"{h.Key}={h.Value}"));
}
