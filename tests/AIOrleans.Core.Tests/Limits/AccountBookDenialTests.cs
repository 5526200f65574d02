using AIOrleans.Core.Limits;
using static AIOrleans.Core.Tests.Limits.Books;

namespace AIOrleans.Core.Tests.Limits;

public sealed class AccountBookDenialTests
{
    private static readonly LimitsConfig Everything = new()
    {
        RequestsPerMinute = 1,
        TokensPerMinute = 10,
        Concurrent = 1,
        Quotas = [Requests(1, QuotaPeriod.Year), Tokens(10, QuotaPeriod.Hour), Cost(10, QuotaPeriod.Minute)],
    };

    [Fact]
    public void Money_is_named_before_any_other_limit()
    {
        AccountBook book = Open(Everything);
        book.Spend(tokens: 10, cost: 10);
        Assert.Equal("cost/minute", book.MustDeny(Ask(tokens: 1, cost: 1)).Limit);
    }

    [Fact]
    public void The_limit_that_blocks_longest_is_named()
    {
        AccountBook book = Open(Everything with { Quotas = [Tokens(10, QuotaPeriod.Hour), Requests(1, QuotaPeriod.Year)] });
        book.Spend(tokens: 10);
        LimitFacts facts = book.MustDeny(Ask(tokens: 1));
        Assert.Equal("requests/year", facts.Limit);
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), facts.ResetsAt);
        Assert.Equal(facts.ResetsAt - Noon, facts.RetryAfter);
    }

    [Fact]
    public void A_call_that_can_never_fit_is_told_so_before_one_that_may_wait()
    {
        AccountBook book = Open(Everything with { Quotas = [Requests(1, QuotaPeriod.Year)] });
        book.Spend(tokens: 10);
        LimitFacts facts = book.MustDeny(Ask(tokens: 11));
        Assert.Equal("tokensPerMinute", facts.Limit);
        Assert.True(facts.CanNeverFit);
    }

    [Fact]
    public void A_quota_larger_than_the_ask_promises_room_at_the_end_of_its_period()
    {
        AccountBook book = Open(Cost(100));
        book.Spend(cost: 60);
        Assert.Equal(TimeSpan.FromHours(12), book.MustDeny(Ask(cost: 60)).RetryAfter);
        Assert.Null(book.MustDeny(Ask(cost: 101)).RetryAfter);
    }

    [Fact]
    public void Where_only_calls_in_flight_stand_in_the_way_the_wait_is_short()
    {
        AccountBook book = Open(Cost(100));
        book.MustHold(Ask(cost: 60));
        Assert.Equal(AccountBook.ShortWait, book.MustDeny(Ask(cost: 60)).RetryAfter);
    }

    [Fact]
    public void A_total_never_resets()
    {
        AccountBook book = Open(Cost(100, QuotaPeriod.Total));
        book.Spend(cost: 100);
        LimitFacts facts = book.MustDeny(Ask(cost: 1));
        Assert.Null(facts.RetryAfter);
        Assert.Null(facts.ResetsAt);
    }

    public static TheoryData<string, LimitsConfig> SingleLimits() => new()
    {
        { "requestsPerMinute", new LimitsConfig { RequestsPerMinute = 1 } },
        { "tokensPerMinute", new LimitsConfig { TokensPerMinute = 10, TokenBurst = 13 } },
        { "cost/minute", With(Cost(10, QuotaPeriod.Minute)) },
        { "tokens/week", With(Tokens(10, QuotaPeriod.Week)) },
        { "requests/quarter", With(Requests(1, QuotaPeriod.Quarter, QuotaMode.Expected)) },
        { "operations:chat/month", With(Operations("chat", 1, QuotaPeriod.Month)) },
    };

    [Theory]
    [MemberData(nameof(SingleLimits))]
    public void Whoever_waits_as_long_as_told_is_let_through_and_not_a_tick_sooner(string name, LimitsConfig limits)
    {
        AccountBook book = Open(limits);
        book.Spend(tokens: 10, cost: 10);

        LimitFacts facts = book.MustDeny(Ask(tokens: 10, cost: 10));

        Assert.Equal(name, facts.Limit);
        DateTimeOffset retryAt = Noon + Assert.IsType<TimeSpan>(facts.RetryAfter);
        book.MustDeny(Ask(tokens: 10, cost: 10), retryAt.AddTicks(-1));
        book.MustHold(Ask(tokens: 10, cost: 10), retryAt);
    }
}
