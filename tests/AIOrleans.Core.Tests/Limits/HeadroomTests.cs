using AIOrleans.Core.Limits;
using static AIOrleans.Core.Tests.Limits.Books;

namespace AIOrleans.Core.Tests.Limits;

public sealed class HeadroomTests
{
    [Fact]
    public void An_account_without_limits_has_no_lines() => Assert.Same(Headroom.Unlimited, Open(LimitsConfig.None).HeadroomAt(Noon));

    [Fact]
    public void The_requests_line_is_the_tightest_of_bucket_and_quotas_and_free_slots_do_not_bound_it()
    {
        LimitsConfig limits = new() { RequestsPerMinute = 10, Concurrent = 5, Quotas = [Requests(100), Requests(0, QuotaPeriod.Month, QuotaMode.Shadow)] };
        Assert.Equal(10, Open(limits).HeadroomAt(Noon).Requests?.Remaining);
        Assert.Equal(10, Open(limits with { Concurrent = 50 }).HeadroomAt(Noon).Requests?.Remaining);
        HeadroomLine line = Assert.IsType<HeadroomLine>(Open(limits with { Concurrent = 500, RequestsPerMinute = 200 }).HeadroomAt(Noon).Requests);
        Assert.Equal(new HeadroomLine(100, 100, TimeSpan.FromHours(12)), line);
    }

    [Fact]
    public void A_grant_shows_the_numbers_after_the_hold()
    {
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 10, TokensPerMinute = 600, Quotas = [Tokens(1000)] });
        Headroom headroom = book.MustHold(Ask(tokens: 900, expectedTokens: 300)).Headroom;
        Assert.Equal(new HeadroomLine(10, 9, TimeSpan.FromSeconds(6)), headroom.Requests);
        Assert.Equal(new HeadroomLine(1000, 100, TimeSpan.FromHours(12)), headroom.Tokens);
    }

    [Fact]
    public void Whatever_is_exhausted_leaves_nothing_on_either_line()
    {
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 10, Quotas = [Cost(100)] });
        Headroom headroom = book.MustHold(Ask(cost: 100)).Headroom;
        Assert.Equal(new HeadroomLine(10, 0, TimeSpan.FromHours(12)), headroom.Requests);
        Assert.Equal(new HeadroomLine(0, 0, TimeSpan.FromHours(12)), headroom.Tokens);
    }

    [Fact]
    public void A_tenant_without_money_leaves_its_keys_nothing()
    {
        AccountBook tenant = Open(Cost(0));
        AccountBook key = Open(new LimitsConfig { RequestsPerMinute = 10 });
        Assert.Equal(0, key.HeadroomAt(Noon).And(tenant.HeadroomAt(Noon)).Requests?.Remaining);
    }

    [Fact]
    public void Debt_shows_as_nothing_and_never_as_less()
    {
        AccountBook book = Open(new LimitsConfig { TokensPerMinute = 60 });
        HoldAsk ask = Ask(tokens: 60);
        book.MustHold(ask);
        book.TrySettle(ask.Id, Used(tokens: 120), Noon, Noon);
        HeadroomLine line = Assert.IsType<HeadroomLine>(book.HeadroomAt(Noon).Tokens);
        Assert.Equal(new HeadroomLine(60, 0, TimeSpan.FromMinutes(2)), line);
    }

    [Fact]
    public void An_operation_quota_counts_only_for_its_operation()
    {
        AccountBook book = Open(Operations("embeddings", 3));
        Assert.Null(book.HeadroomAt(Noon).Requests);
        Assert.Null(book.HeadroomAt(Noon, "chat").Requests);
        Assert.Equal(3, book.HeadroomAt(Noon, "embeddings").Requests?.Remaining);
    }

    [Fact]
    public void A_total_shows_ten_years_as_never() =>
        Assert.Equal(HeadroomLine.NeverResets, Open(Requests(5, QuotaPeriod.Total)).HeadroomAt(Noon).Requests?.ResetAfter);
}
