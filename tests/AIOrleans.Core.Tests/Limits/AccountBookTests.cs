using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using static AIOrleans.Core.Tests.Limits.Books;

namespace AIOrleans.Core.Tests.Limits;

public sealed class AccountBookTests
{
    [Fact]
    public void Fifty_asks_of_cost_100_against_a_strict_budget_of_1000_admit_exactly_ten()
    {
        AccountBook book = Open(Cost(1000));
        Assert.Equal(10, Enumerable.Range(0, 50).Count(_ => book.TryHold(Ask(cost: 100), Noon) is HoldDecision.Granted));
    }

    [Fact]
    public void What_is_settled_and_what_is_held_count_together()
    {
        AccountBook book = Open(Tokens(100));
        book.Spend(tokens: 40);
        book.MustHold(Ask(tokens: 50));

        LimitFacts facts = book.MustDeny(Ask(tokens: 11));

        Assert.Equal((40, 50, 100, 11), (facts.Used, facts.Held, facts.Amount, facts.Asked));
        book.MustHold(Ask(tokens: 10));
    }

    [Fact]
    public void Settling_below_the_hold_gives_the_rest_back()
    {
        AccountBook book = Open(Cost(1000));
        HoldAsk ask = Ask(cost: 900);
        book.MustHold(ask);
        Assert.True(book.TrySettle(ask.Id, Used(cost: 100), Noon, Noon));
        book.MustHold(Ask(cost: 900));
    }

    [Fact]
    public void Usage_above_the_hold_becomes_debt_that_the_next_ask_sees()
    {
        AccountBook book = Open(Cost(1000));
        HoldAsk ask = Ask(cost: 900);
        book.MustHold(ask);
        Assert.True(book.TrySettle(ask.Id, Used(cost: 1500), Noon, Noon));

        LimitFacts facts = book.MustDeny(Ask(cost: 1));

        Assert.Equal((1500, 0, 1000), (facts.Used, facts.Held, facts.Amount));
        Assert.Equal(0, book.QuotaAt("cost/day").Remaining);
    }

    [Fact]
    public void A_denial_changes_nothing()
    {
        AccountBook book = Open(
            new LimitsConfig { RequestsPerMinute = 10, TokensPerMinute = 1000, Quotas = [Cost(100), Tokens(5000, mode: QuotaMode.Shadow)] });
        book.MustHold(Ask(tokens: 100, cost: 60));
        AccountLive before = book.ViewAt(Noon);

        book.MustDeny(Ask(tokens: 900, cost: 60));

        AccountLive after = book.ViewAt(Noon);
        Assert.Equal(before.Quotas, after.Quotas);
        Assert.Equal(before.Buckets, after.Buckets);
        Assert.Equal(before.Holds, after.Holds);
    }

    [Fact]
    public void The_same_hold_asked_twice_counts_once()
    {
        AccountBook book = Open(Cost(100));
        HoldAsk ask = Ask(cost: 100);
        book.MustHold(ask);
        book.MustHold(ask);
        Assert.Equal(1, book.ViewAt(Noon).Holds.Count);
        Assert.Equal(100, book.QuotaAt("cost/day").Held);
    }

    [Fact]
    public void An_undone_hold_never_took_place()
    {
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 2, TokensPerMinute = 100, Concurrent = 1, Quotas = [Requests(5), Tokens(100)] });
        AccountLive before = book.ViewAt(Noon);
        HoldAsk ask = Ask(tokens: 80);
        book.MustHold(ask);

        Assert.True(book.TryUndo(ask.Id, Noon));

        Assert.Equal(before.Buckets, book.ViewAt(Noon).Buckets);
        Assert.Equal(before.Quotas, book.ViewAt(Noon).Quotas);
        Assert.False(book.TryUndo(ask.Id, Noon));
    }

    [Fact]
    public void A_settled_request_keeps_its_place_in_the_request_bucket_and_leaves_its_slot()
    {
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 2, Concurrent = 1 });
        book.Spend();
        book.Spend();
        LimitFacts facts = book.MustDeny(Ask());
        Assert.Equal(("requestsPerMinute", 2L, 2L), (facts.Limit, facts.Used, facts.Amount));
        Assert.Equal(TimeSpan.FromSeconds(30), facts.RetryAfter);
    }

    [Fact]
    public void Settling_an_unknown_hold_is_refused_and_changes_nothing()
    {
        AccountBook book = Open(Cost(100));
        Assert.False(book.TrySettle(NextId(), Used(cost: 50), Noon, Noon));
        Assert.Equal(0, book.QuotaAt("cost/day").Used);
    }

    [Fact]
    public void Settling_twice_counts_once()
    {
        AccountBook book = Open(Cost(100));
        HoldAsk ask = Ask(cost: 50);
        book.MustHold(ask);
        Assert.True(book.TrySettle(ask.Id, Used(cost: 50), Noon, Noon));
        Assert.False(book.TrySettle(ask.Id, Used(cost: 50), Noon, Noon));
        Assert.Equal(50, book.QuotaAt("cost/day").Used);
    }

    [Fact]
    public void Every_hold_takes_a_slot()
    {
        AccountBook book = Open(new LimitsConfig { Concurrent = 2 });
        HoldAsk first = Ask();
        book.MustHold(first);
        book.MustHold(Ask());

        LimitFacts facts = book.MustDeny(Ask());

        Assert.Equal((LimitKind.Concurrent, 2L, 2L), (facts.Kind, facts.Held, facts.Amount));
        Assert.Equal(AccountBook.ShortWait, facts.RetryAfter);
        Assert.Null(facts.ResetsAt);
        book.TrySettle(first.Id, Used(), Noon, Noon);
        book.MustHold(Ask());
    }

    [Fact]
    public void Expected_quotas_hold_the_estimate_and_strict_ones_the_worst_case()
    {
        Open(Cost(100, mode: QuotaMode.Expected)).MustHold(Ask(cost: 500, expectedCost: 100));
        Open(Cost(100)).MustDeny(Ask(cost: 500, expectedCost: 100));
    }

    [Theory]
    [InlineData(QuotaMode.Warn)]
    [InlineData(QuotaMode.Shadow)]
    public void Warn_and_shadow_never_deny_but_count_what_would_have_been(QuotaMode mode)
    {
        AccountBook book = Open(Requests(1, mode: mode));
        book.Spend();
        book.Spend();
        book.Spend();
        Assert.Equal(2, book.QuotaAt("requests/day").WouldDenyCount);
        Assert.Equal(0, book.QuotaAt("requests/day", Noon.AddDays(1)).WouldDenyCount);
    }

    [Fact]
    public void An_operation_quota_limits_its_operation_only()
    {
        AccountBook book = Open(Operations("embeddings", 1));
        book.Spend(operation: "embeddings");
        book.MustHold(Ask(operation: "chat"));
        Assert.Equal("operations:embeddings/day", book.MustDeny(Ask(operation: "embeddings")).Limit);
    }

    [Fact]
    public void A_request_given_back_counts_no_request()
    {
        AccountBook book = Open(Requests(1));
        HoldAsk ask = Ask();
        book.MustHold(ask);
        book.TrySettle(ask.Id, Used(tokens: 0, requests: 0), Noon, Noon);
        book.MustHold(Ask());
    }

    [Fact]
    public void The_token_bucket_is_corrected_by_what_was_really_used()
    {
        AccountBook book = Open(new LimitsConfig { TokensPerMinute = 600 });
        HoldAsk ask = Ask(tokens: 1000, expectedTokens: 500);
        book.MustHold(ask);
        Assert.Equal(100_000_000, book.Levels(Noon)?.TokensMicro);
        book.TrySettle(ask.Id, Used(tokens: 700), Noon, Noon);
        Assert.Equal(-100_000_000, book.Levels(Noon)?.TokensMicro);
        Assert.Equal(TimeSpan.FromSeconds(20), book.MustDeny(Ask(tokens: 100)).RetryAfter);
    }

    [Fact]
    public void An_ask_above_the_capacity_of_a_bucket_can_never_fit()
    {
        LimitFacts facts = Open(new LimitsConfig { TokensPerMinute = 600, TokenBurst = 1000 }).MustDeny(Ask(tokens: 1001));
        Assert.True(facts.CanNeverFit);
        Assert.Null(facts.RetryAfter);
    }

    [Fact]
    public void Levels_are_absent_without_buckets_and_their_sequence_grows()
    {
        Assert.Null(Open(Cost(1)).Levels(Noon));
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 5 });
        BucketLevels first = Assert.IsType<BucketLevels>(book.MustHold(Ask()).Buckets);
        BucketLevels second = Assert.IsType<BucketLevels>(book.Levels(Noon));
        Assert.True(second.Sequence > first.Sequence);
        Assert.Null(second.TokensMicro);
        Assert.Equal(4_000_000, second.RequestsMicro);
    }

    [Fact]
    public void A_hold_expires_after_its_lease_unless_renewed()
    {
        AccountBook book = Open(Cost(100));
        HoldAsk ask = Ask(leaseUntil: Noon.AddSeconds(30));
        book.MustHold(ask);
        Assert.False(book.HasExpired(Noon.AddSeconds(30)));
        Assert.True(book.HasExpired(Noon.AddSeconds(31)));
        Assert.True(book.TryRenew(ask.Id, Noon.AddSeconds(60)));
        Assert.False(book.HasExpired(Noon.AddSeconds(31)));
        Assert.True(book.HasExpired(Noon.AddSeconds(61)));
        Assert.False(book.TryRenew(NextId(), Noon));
    }

    [Fact]
    public void An_ask_that_expects_more_than_its_worst_case_is_a_bug() =>
        Assert.Throws<ArgumentException>(() => Open(Cost(100)).TryHold(Ask(tokens: 1, expectedTokens: 2), Noon));
}
