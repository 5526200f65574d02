using AIOrleans.Core.Limits;
using static AIOrleans.Core.Tests.Limits.Books;

namespace AIOrleans.Core.Tests.Limits;

public sealed class LimitsReviewTests
{
    private static readonly HashSet<string> KnownOperations = ["chat", "embeddings"];

    public static TheoryData<LimitsConfig, string> Findings() => new()
    {
        { new LimitsConfig { RequestBurst = 5 }, "requestBurst has no effect without requestsPerMinute." },
        { new LimitsConfig { RequestsPerMinute = 0 }, "requestsPerMinute is 0: every call is refused." },
        { new LimitsConfig { RequestsPerMinute = 10, RequestBurst = 0 }, "requestBurst is 0: every call is refused." },
        {
            new LimitsConfig { RequestsPerMinute = 0, RequestBurst = 5 },
            "requestsPerMinute is 0: once requestBurst is used up, every call is refused for ever."
        },
        {
            new LimitsConfig { TokensPerMinute = 100_000, TokenBurst = 1_000 },
            "tokenBurst is less than one second of tokensPerMinute: calls larger than 1,000 tokens can never fit."
        },
        { new LimitsConfig { Concurrent = 0 }, "concurrent is 0: every call is refused." },
        { new LimitsConfig { Adaptive = true }, "adaptive has no effect: there is no rate that could follow the load." },
        { With(Cost(0)), "cost/day is 0: every call is refused." },
        { With(Operations("chat", 0)), "operations:chat/day is 0: every 'chat' call is refused." },
        { With(Operations("caht", 5)), "operations:caht/day can never match: there is no operation 'caht' (known: chat, embeddings)." },
        { With(new QuotaConfig(QuotaMetric.Operations, QuotaPeriod.Day, 5)), "operations/day names no operation: it can never match." },
        {
            With(new QuotaConfig(QuotaMetric.Tokens, QuotaPeriod.Day, 5, QuotaMode.Strict, "chat")),
            "tokens:chat/day counts all operations: only 'operations' quotas look at the name 'chat'."
        },
        {
            With(Requests(5, mode: QuotaMode.Expected)),
            "requests/day is 'expected', which for requests is the same as 'strict': a request is always one."
        },
        { With(Cost(5), Cost(6)), "cost/day is there twice; the smaller amount decides." },
        {
            With(Cost(5_000_000_000, QuotaPeriod.Hour), Cost(2_500_000_000, QuotaPeriod.Month)),
            "cost/hour of $5.00 can never be reached: cost/month of $2.50 is tighter."
        },
        {
            With(Operations("chat", 2000, QuotaPeriod.Hour), Requests(1000)),
            "operations:chat/hour of 2,000 can never be reached: requests/day of 1,000 is tighter."
        },
        {
            With(Requests(2_000)) with { RequestsPerMinute = 1 },
            "requests/day of 2,000 can never be reached: the rate of this account lets less through."
        },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    public void Says_in_one_sentence_what_is_wrong(LimitsConfig limits, string finding) =>
        Assert.Equal([finding], LimitsReview.Review(limits, [], KnownOperations));

    public static TheoryData<LimitsConfig> Sound() =>
    [
        LimitsConfig.None,
        new LimitsConfig { RequestsPerMinute = 60, RequestBurst = 10, TokensPerMinute = 1000, TokenBurst = 2000, Concurrent = 1, Adaptive = true },
        With(Cost(5, QuotaPeriod.Hour), Cost(100, QuotaPeriod.Day), Cost(200, QuotaPeriod.Month)),

        // A week reaches into two months.
        With(Cost(300, QuotaPeriod.Week), Cost(200, QuotaPeriod.Month)),

        // An estimate may let pass what the worst case does not, and a watcher stops nobody.
        With(Cost(300, QuotaPeriod.Hour), Cost(200, QuotaPeriod.Day, QuotaMode.Expected)),
        With(Cost(300, QuotaPeriod.Hour), Cost(200, QuotaPeriod.Day, QuotaMode.Warn)),
        With(Cost(0, QuotaPeriod.Hour, QuotaMode.Shadow)),
        With(Requests(1_500)) with { RequestsPerMinute = 1 },
        With(Operations("chat", 5)),
    ];

    [Theory]
    [MemberData(nameof(Sound))]
    public void Says_nothing_about_sound_limits(LimitsConfig limits) => Assert.Empty(LimitsReview.Review(limits, [], KnownOperations));

    [Fact]
    public void Names_the_parent_that_is_tighter()
    {
        LimitsConfig own = new() { RequestsPerMinute = 600, TokensPerMinute = 1000, Concurrent = 8, Quotas = [Tokens(1000)] };
        LimitsConfig tenant = new() { RequestsPerMinute = 60, TokensPerMinute = 1000, Quotas = [Tokens(500, QuotaPeriod.Total)] };
        LimitsConfig org = new() { Concurrent = 4 };
        Assert.Equal(
            [
                "requestsPerMinute 600 can never be reached: tenant:acme has 60.",
                "tokens/day of 1,000 can never be reached: tokens/total of 500 of tenant:acme is tighter.",
                "concurrent 8 can never be reached: org:acme.eng has 4.",
            ],
            LimitsReview.Review(own, [("tenant:acme", tenant), ("org:acme.eng", org)]));
    }
}
