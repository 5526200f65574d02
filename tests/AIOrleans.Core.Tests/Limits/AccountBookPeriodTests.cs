using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Testing;
using static AIOrleans.Core.Tests.Limits.Books;

namespace AIOrleans.Core.Tests.Limits;

public sealed class AccountBookPeriodTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 12, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_period_begins_empty_at_its_first_instant()
    {
        AccountBook book = Open(Cost(100));
        book.Spend(cost: 100);
        book.MustDeny(Ask(cost: 1), Midnight.AddTicks(-1));
        book.MustHold(Ask(cost: 100), Midnight);
    }

    [Fact]
    public void An_account_that_slept_through_many_periods_wakes_in_the_right_one()
    {
        var clock = new ManualClock(Noon);
        AccountBook book = Open(Cost(100), Cost(150, QuotaPeriod.Total));
        book.Spend(cost: 100);
        clock.Advance(TimeSpan.FromDays(400));
        Assert.Equal("cost/total", book.MustDeny(Ask(cost: 51), clock.Now).Limit);
        book.MustHold(Ask(cost: 50), clock.Now);
        Assert.Equal(new DateTimeOffset(2027, 4, 15, 0, 0, 0, TimeSpan.Zero), book.QuotaAt("cost/day", clock.Now).StartsAt);
    }

    [Fact]
    public void A_hold_from_yesterday_is_held_against_today()
    {
        AccountBook book = Open(Cost(100));
        book.MustHold(Ask(cost: 70));
        book.MustDeny(Ask(cost: 31), Midnight);
        book.MustHold(Ask(cost: 30), Midnight);
    }

    [Fact]
    public void Usage_is_charged_to_the_period_of_its_settling_instant()
    {
        AccountBook book = Open(Cost(100), Cost(1000, QuotaPeriod.Month));
        HoldAsk ask = Ask(cost: 70);
        book.MustHold(ask, Midnight.AddSeconds(-1));
        book.TrySettle(ask.Id, Used(cost: 70), Midnight.AddTicks(-1), Midnight.AddSeconds(1));
        Assert.Equal(0, book.QuotaAt("cost/day", Midnight.AddSeconds(1)).Used);
        Assert.Equal(70, book.QuotaAt("cost/month", Midnight.AddSeconds(1)).Used);
    }

    [Fact]
    public void Usage_settled_by_a_clock_that_is_ahead_is_kept_for_its_period()
    {
        AccountBook book = Open(Cost(100));
        HoldAsk ask = Ask(cost: 70);
        DateTimeOffset before = Midnight.AddSeconds(-1);
        book.MustHold(ask, before);
        book.TrySettle(ask.Id, Used(cost: 70), Midnight.AddSeconds(1), before);

        // Whoever asks now may settle before or after midnight, so both days must have room.
        book.MustDeny(Ask(cost: 31), before);
        book.MustDeny(Ask(cost: 31), Midnight.AddSeconds(1));
        book.MustHold(Ask(cost: 30), before);
    }

    [Fact]
    public void A_caller_whose_clock_is_behind_is_still_limited_by_yesterday()
    {
        AccountBook book = Open(Cost(100));
        book.Spend(cost: 80, now: Midnight.AddSeconds(-2));
        HoldAsk today = Ask(cost: 10);
        book.MustHold(today, Midnight);

        DateTimeOffset behind = Midnight.AddSeconds(-1);
        book.MustDeny(Ask(cost: 11), behind);
        book.Spend(cost: 10, now: behind);
        Assert.Equal(90, book.QuotaAt("cost/day", behind).Used);
        Assert.Equal(0, book.QuotaAt("cost/day", Midnight).Used);
    }

    [Fact]
    public void A_clock_that_was_far_ahead_once_loses_nothing()
    {
        AccountBook book = Open(Cost(100));
        book.Spend(cost: 20, now: Midnight.AddDays(40));
        book.Spend(cost: 60, now: Noon);
        Assert.Equal("cost/day", book.MustDeny(Ask(cost: 41), Noon).Limit);
        book.Spend(cost: 80, now: Midnight);
        book.MustDeny(Ask(cost: 21), Midnight);
        Assert.Equal(80, book.QuotaAt("cost/day", Midnight).Used);
        Assert.Equal(20, book.QuotaAt("cost/day", Midnight.AddDays(40)).Used);
    }

    [Fact]
    public void Days_follow_the_zone_of_the_tenant()
    {
        AccountBook book = Open(With(Cost(100)), timeZone: "America/New_York");
        book.Spend(cost: 100);
        book.MustDeny(Ask(cost: 1), Midnight);
        book.MustHold(Ask(cost: 100), Midnight.AddHours(4));
    }
}
