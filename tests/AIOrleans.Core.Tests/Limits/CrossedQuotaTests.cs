using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using static AIOrleans.Core.Tests.Limits.Books;

namespace AIOrleans.Core.Tests.Limits;

public class CrossedQuotaTests
{
    private static readonly QuotaConfig Warning = Cost(100, QuotaPeriod.Day, QuotaMode.Warn);

    [Fact]
    public void A_warn_quota_is_crossed_once_by_the_call_that_exceeds_it()
    {
        AccountBook book = Open(Warning, Cost(100, QuotaPeriod.Day, QuotaMode.Shadow), Cost(1_000));
        book.Spend(cost: 100);
        Assert.Empty(book.TakeCrossed(Noon));

        book.Spend(cost: 1);
        book.Spend(cost: 1);

        QuotaLive crossed = Assert.Single(book.TakeCrossed(Noon));
        Assert.Equal((Warning.Name, QuotaMode.Warn, 102L, 100L), (crossed.Limit, crossed.Mode, crossed.Used, crossed.Amount));
        book.Spend(cost: 500);
        Assert.Empty(book.TakeCrossed(Noon));
    }

    [Fact]
    public void The_next_period_is_crossed_anew()
    {
        AccountBook book = Open(Warning);
        book.Spend(cost: 101);
        Assert.Single(book.TakeCrossed(Noon));
        DateTimeOffset tomorrow = Noon.AddDays(1);
        book.Spend(cost: 1, now: tomorrow);
        Assert.Empty(book.TakeCrossed(tomorrow));

        book.Spend(cost: 100, now: tomorrow);

        Assert.Single(book.TakeCrossed(tomorrow));
    }

    [Fact]
    public void What_was_crossed_before_a_load_is_no_news_and_what_the_load_brings_is()
    {
        AccountSnapshot snapshot = Empty(2) with
        {
            Windows = [new WindowTotals(StoredPeriod.Day, Noon.AddHours(-12), "chat", 1, 1, new NanoUsd(101))],
        };
        Assert.Empty(Open(With(Warning), snapshot).TakeCrossed(Noon));

        AccountBook old = Open(Warning);
        old.Spend(cost: 50);
        AccountBook book = Open(With(Warning), snapshot);
        book.Resume(old);

        Assert.Single(book.TakeCrossed(Noon));
    }

    [Fact]
    public void Lowering_a_quota_below_its_usage_crosses_it_and_raising_it_lets_it_be_crossed_again()
    {
        AccountBook book = Open(Warning);
        book.Spend(cost: 80);
        book.Configure(Config(With(Warning with { Amount = 70 })), Noon);
        Assert.Single(book.TakeCrossed(Noon));

        book.Configure(Config(With(Warning with { Amount = 90 })), Noon);
        Assert.Empty(book.TakeCrossed(Noon));
        book.Spend(cost: 20);

        Assert.Single(book.TakeCrossed(Noon));
    }
}
