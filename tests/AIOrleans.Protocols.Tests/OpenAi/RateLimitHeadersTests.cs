using AIOrleans.Core.Limits;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Tests.OpenAi;

public sealed class RateLimitHeadersTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(12, "12ms")]
    [InlineData(999, "999ms")]
    [InlineData(1000, "1s")]
    [InlineData(1500, "1.5s")]
    [InlineData(1020, "1.02s")]
    [InlineData(8641, "8.641s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(3_723_000, "1h2m3s")]
    [InlineData(3_600_000, "1h0m0s")]
    [InlineData(90_000_001, "25h0m0.001s")]
    public void Prints_durations_as_go_does(long millis, string expected) => Assert.Equal(expected, GoDuration.Format(TimeSpan.FromMilliseconds(millis)));

    [Fact]
    public void Rounds_waits_up()
    {
        Assert.Equal("1ms", GoDuration.Format(TimeSpan.FromTicks(1)));
        Assert.Equal("retry-after=2 retry-after-ms=1001", Show(RateLimitHeaders.OfWait(TimeSpan.FromTicks(10_000_001))));
        Assert.Equal("retry-after=1 retry-after-ms=1", Show(RateLimitHeaders.OfWait(TimeSpan.Zero)));
    }

    [Fact]
    public void Tells_clients_not_to_retry_what_takes_longer_than_they_wait()
    {
        Assert.Equal("retry-after=60 retry-after-ms=60000", Show(RateLimitHeaders.OfWait(TimeSpan.FromSeconds(60))));
        Assert.Equal("retry-after=61 retry-after-ms=60001 x-should-retry=false", Show(RateLimitHeaders.OfWait(TimeSpan.FromMilliseconds(60_001))));
        Assert.Equal("x-should-retry=false", Show(RateLimitHeaders.OfWait(null)));
    }

    [Fact]
    public void Has_three_headers_for_each_limited_line()
    {
        Headroom headroom = new(new HeadroomLine(5000, 4999, TimeSpan.FromMilliseconds(12)), new HeadroomLine(160_000, -3, TimeSpan.FromSeconds(6)));
        Assert.Equal(
            "x-ratelimit-limit-requests=5000 x-ratelimit-remaining-requests=4999 x-ratelimit-reset-requests=12ms "
            + "x-ratelimit-limit-tokens=160000 x-ratelimit-remaining-tokens=0 x-ratelimit-reset-tokens=6s",
            Show(RateLimitHeaders.Of(headroom)));
        Assert.Empty(RateLimitHeaders.Of(Headroom.Unlimited));
    }

    private static string Show(IEnumerable<KeyValuePair<string, string>> headers) => string.Join(' ', headers.Select(h => $"{h.Key}={h.Value}"));
}
