using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits;

public sealed class AccountBookExtendingTests
{
    [Fact]
    public void An_extension_takes_only_what_is_more()
    {
        AccountBook book = Books.Open(new LimitsConfig { TokensPerMinute = 100, RequestsPerMinute = 1, Concurrent = 1, Quotas = [Books.Cost(100), Books.Requests(1)] });
        HoldAsk ask = Books.Ask(tokens: 60, cost: 60);
        book.MustHold(ask);

        Assert.IsType<ExtendDecision.Extended>(Extend(book, ask, 100, 100));

        AccountLive live = book.ViewAt(Books.Noon);
        Assert.Equal((1, 0L), (live.Slots.Used, live.Buckets.Single(bucket => bucket.Limit == "tokensPerMinute").LevelMicro));
        Assert.Equal([100L, 1L], live.Quotas.Select(quota => quota.Held));
    }

    [Theory]
    [InlineData(QuotaMode.Strict, false, true, true)]
    [InlineData(QuotaMode.Expected, false, true, false)]
    [InlineData(QuotaMode.Expected, true, true, true)]
    [InlineData(QuotaMode.Warn, false, false, false)]
    [InlineData(QuotaMode.Shadow, false, false, false)]
    public void Each_mode_refuses_what_it_may(QuotaMode mode, bool cutOff, bool refusesAttempt, bool refusesStream)
    {
        AccountBook book = Books.Open(Books.Cost(100, mode: mode) with { CutOff = cutOff });
        HoldAsk ask = Books.Ask(cost: 60);
        book.MustHold(ask);

        Assert.Equal(refusesAttempt, Extend(book, ask, 1, 101, ExtendReason.Attempt) is ExtendDecision.Denied);
        book.TryShrink(ask.Id, new HoldSizes(Books.Size(1, 101), Books.Size(1, 101)), new HoldSizes(ask.Worst, ask.Expected), Books.Noon);
        Assert.Equal(refusesStream, Extend(book, ask, 1, 101, ExtendReason.Stream) is ExtendDecision.Denied);
    }

    [Fact]
    public void A_rate_without_room_refuses_an_attempt_and_goes_into_debt_for_a_stream()
    {
        AccountBook book = Books.Open(new LimitsConfig { TokensPerMinute = 100 });
        HoldAsk ask = Books.Ask(tokens: 60);
        book.MustHold(ask);

        LimitFacts facts = Assert.IsType<ExtendDecision.Denied>(Extend(book, ask, 101, 0)).Facts;
        Assert.Equal((LimitKind.TokensPerMinute, 41L), (facts.Kind, facts.Asked));
        Assert.IsType<ExtendDecision.Extended>(Extend(book, ask, 101, 0, ExtendReason.Stream));

        Assert.Equal(-1_000_000, Assert.Single(book.ViewAt(Books.Noon).Buckets).LevelMicro);
    }

    [Fact]
    public void A_quota_in_debt_does_not_refuse_what_asks_nothing_of_it()
    {
        AccountBook book = Books.Open(Books.Tokens(10), Books.Cost(100));
        HoldAsk ask = Books.Ask(tokens: 5, cost: 10);
        book.MustHold(ask);
        book.MustHold(Books.Ask(tokens: 5));
        book.Configure(Books.Config(Books.With(Books.Tokens(1), Books.Cost(100))), Books.Noon);

        Assert.IsType<ExtendDecision.Extended>(Extend(book, ask, 5, 90));
        Assert.IsType<ExtendDecision.Denied>(Extend(book, ask, 6, 90));
    }

    [Fact]
    public void A_late_taking_back_leaves_a_hold_alone_that_has_grown_further()
    {
        AccountBook book = Books.Open(Books.Cost(100));
        HoldAsk ask = Books.Ask(cost: 10);
        book.MustHold(ask);
        Extend(book, ask, 1, 50);
        Extend(book, ask, 1, 70);

        Assert.False(book.TryShrink(ask.Id, new HoldSizes(Books.Size(1, 50), Books.Size(1, 50)), new HoldSizes(ask.Worst, ask.Expected), Books.Noon));

        Assert.Equal(70, book.QuotaAt("cost/day").Held);
    }

    [Fact]
    public void An_unknown_hold_does_not_grow() =>
        Assert.IsType<ExtendDecision.NotHeld>(Extend(Books.Open(Books.Cost(100)), Books.Ask(), 1, 1));

    private static ExtendDecision Extend(AccountBook book, in HoldAsk ask, long tokens, long cost, ExtendReason reason = ExtendReason.Attempt) =>
        book.TryExtend(ask.Id, new HoldSizes(Books.Size(tokens, cost), Books.Size(tokens, cost)), reason, Books.Noon);
}
