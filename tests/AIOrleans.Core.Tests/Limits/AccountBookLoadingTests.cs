using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using static AIOrleans.Core.Tests.Limits.Books;

namespace AIOrleans.Core.Tests.Limits;

public sealed class AccountBookLoadingTests
{
    // Noon is Wednesday 11 March 2026, so the week began on Monday the 9th and the quarter on 1 January.
    private static readonly WindowTotals[] Rows =
    [
        Row(StoredPeriod.Minute, "2026-03-11T11:59Z", 1),
        Row(StoredPeriod.Minute, "2026-03-11T12:00Z", 2),
        Row(StoredPeriod.Hour, "2026-03-11T11:00Z", 4),
        Row(StoredPeriod.Hour, "2026-03-11T12:00Z", 8),
        Row(StoredPeriod.Day, "2026-03-08T00:00Z", 16),
        Row(StoredPeriod.Day, "2026-03-09T00:00Z", 32),
        Row(StoredPeriod.Day, "2026-03-11T00:00Z", 64, "embeddings"),
        Row(StoredPeriod.Month, "2025-12-01T00:00Z", 128),
        Row(StoredPeriod.Month, "2026-01-01T00:00Z", 256),
        Row(StoredPeriod.Month, "2026-03-01T00:00Z", 512, "embeddings"),
    ];

    public static TheoryData<QuotaPeriod, long> UsedByPeriod() => new()
    {
        { QuotaPeriod.Minute, 2 },
        { QuotaPeriod.Hour, 8 },
        { QuotaPeriod.Day, 64 },
        { QuotaPeriod.Week, 32 + 64 },
        { QuotaPeriod.Month, 512 },
        { QuotaPeriod.Quarter, 256 + 512 },
        { QuotaPeriod.Year, 256 + 512 },
        { QuotaPeriod.Total, 128 + 256 + 512 },
    };

    [Theory]
    [MemberData(nameof(UsedByPeriod))]
    public void Every_period_is_the_sum_of_its_stored_windows(QuotaPeriod period, long used)
    {
        AccountBook book = Open(With(Tokens(10_000, period)), Empty() with { Windows = Rows });
        Assert.Equal(used, book.QuotaAt(Tokens(1, period).Name).Used);
    }

    [Fact]
    public void Stored_operations_are_told_apart()
    {
        AccountBook book = Open(With(Operations("embeddings", 1000)), Empty() with { Windows = Rows });
        Assert.Equal(64, book.QuotaAt("operations:embeddings/day").Used);
    }

    [Fact]
    public void Open_holds_are_held_again_and_can_be_settled()
    {
        var hold = new OpenHold(NextId(), "chat", Size(90, 900), Size(10, 100), Noon.AddSeconds(5));
        AccountBook book = Open(With(Cost(1000), Tokens(20, mode: QuotaMode.Expected)) with { Concurrent = 2 }, Empty() with { Holds = [hold] });

        Assert.Equal("cost/day", book.MustDeny(Ask(tokens: 10, cost: 101)).Limit);
        Assert.Equal("tokens/day", book.MustDeny(Ask(tokens: 11, cost: 1)).Limit);
        book.MustHold(Ask(tokens: 10, cost: 100));
        Assert.Equal(2, book.ViewAt(Noon).Slots.Used);
        Assert.True(book.TrySettle(hold.Id, Used(5, 50), Noon, Noon));
        Assert.Equal(50, book.QuotaAt("cost/day").Used);
    }

    [Fact]
    public void Saved_levels_refill_for_the_time_since_but_never_above_capacity()
    {
        var saved = new BucketLevels(Key, 1, 1, 0, -60_000_000, Noon.AddSeconds(-30));
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 60, TokensPerMinute = 60 }, Empty() with { Buckets = saved });
        BucketLevels levels = Assert.IsType<BucketLevels>(book.Levels(Noon));
        Assert.Equal(30_000_000, levels.RequestsMicro);
        Assert.Equal(-30_000_000, levels.TokensMicro);
        Assert.Equal(60_000_000, book.Levels(Noon.AddHours(1))?.TokensMicro);
    }

    [Fact]
    public void Levels_read_by_a_clock_that_is_behind_refill_no_time_twice()
    {
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 60 });
        Enumerable.Range(0, 60).ToList().ForEach(_ => book.Spend());
        book.HeadroomAt(Noon.AddSeconds(30));
        BucketLevels saved = Assert.IsType<BucketLevels>(book.Levels(Noon.AddSeconds(28)));

        AccountBook again = Open(new LimitsConfig { RequestsPerMinute = 60 }, Empty(2) with { Buckets = saved }, now: Noon.AddSeconds(31));

        Assert.Equal(31_000_000, again.Levels(Noon.AddSeconds(31))?.RequestsMicro);
    }

    [Fact]
    public void A_bucket_that_was_never_saved_starts_full()
    {
        var saved = new BucketLevels(Key, 1, 1, null, 0, Noon);
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 60, TokensPerMinute = 60 }, Empty() with { Buckets = saved });
        Assert.Equal(60_000_000, book.Levels(Noon)?.RequestsMicro);
        Assert.Equal(0, book.Levels(Noon)?.TokensMicro);
    }

    [Fact]
    public void A_quota_added_today_counts_what_its_period_has_already_used()
    {
        AccountBook book = Open(LimitsConfig.None);
        book.Spend(tokens: 70, cost: 5);

        book.Configure(Config(With(Tokens(100, QuotaPeriod.Month), Operations("chat", 2))), Noon);

        Assert.Equal(70, book.QuotaAt("tokens/month").Used);
        Assert.Equal(1, book.QuotaAt("operations:chat/day").Used);
        book.MustDeny(Ask(tokens: 31));
        book.MustHold(Ask(tokens: 30));
    }

    [Fact]
    public void Configuration_changes_no_counter()
    {
        LimitsConfig limits = new() { RequestsPerMinute = 10, TokensPerMinute = 100, Quotas = [Cost(100), Requests(1, mode: QuotaMode.Shadow)] };
        AccountBook book = Open(limits);
        book.Spend(cost: 30);
        book.MustHold(Ask(cost: 20));
        AccountLive before = book.ViewAt(Noon);

        book.Configure(Config(LimitsConfig.None with { RequestsPerMinute = 10, TokensPerMinute = 100 }), Noon);
        Assert.Equal(before.Periods, book.ViewAt(Noon).Periods);
        Assert.Equal(before.Holds, book.ViewAt(Noon).Holds);

        book.Configure(Config(limits with { Quotas = [Cost(10)] }), Noon);
        Assert.Equal((30L, 20L, 0L), (book.QuotaAt("cost/day").Used, book.QuotaAt("cost/day").Held, book.QuotaAt("cost/day").Remaining));
        Assert.Equal(before.Buckets, book.ViewAt(Noon).Buckets);
    }

    [Fact]
    public void Would_deny_counts_survive_a_change_of_the_amount()
    {
        AccountBook book = Open(Requests(0, mode: QuotaMode.Shadow));
        book.Spend();
        book.Configure(Config(With(Requests(5, mode: QuotaMode.Shadow))), Noon);
        Assert.Equal(1, book.QuotaAt("requests/day").WouldDenyCount);
    }

    [Fact]
    public void Another_time_zone_keeps_what_was_counted()
    {
        AccountBook book = Open(Cost(100));
        book.Spend(cost: 60);
        book.Configure(Config(With(Cost(100)), "Asia/Kathmandu"), Noon);
        QuotaLive quota = book.QuotaAt("cost/day");
        Assert.Equal(60, quota.Used);
        Assert.Equal(new DateTimeOffset(2026, 3, 11, 18, 15, 0, TimeSpan.Zero), quota.EndsAt);
        book.MustHold(Ask(cost: 100), new DateTimeOffset(2026, 3, 11, 18, 15, 0, TimeSpan.Zero));
    }

    [Fact]
    public void An_unknown_time_zone_is_refused_and_changes_nothing()
    {
        AccountBook book = Open(Cost(100));
        Assert.Throws<TimeZoneNotFoundException>(() => book.Configure(Config(LimitsConfig.None, "Mars/Olympus"), Noon));
        book.MustDeny(Ask(cost: 101));
        Assert.Throws<TimeZoneNotFoundException>(() => new AccountBook(new AccountConfig(Key, LimitsConfig.None, "Mars/Olympus"), Empty(), Noon));
    }

    private static WindowTotals Row(StoredPeriod period, string startsAt, long tokens, string operation = "chat") =>
        new(period, DateTimeOffset.Parse(startsAt, System.Globalization.CultureInfo.InvariantCulture), operation, tokens, tokens, new NanoUsd(tokens));
}
