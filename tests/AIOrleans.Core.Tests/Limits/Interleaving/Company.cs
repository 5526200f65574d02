using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>One account three times: the book under test, the model it must agree with, and the ledger it is reloaded from.</summary>
internal sealed class Trio
{
    private static readonly QuotaPeriod[] Periods = Enum.GetValues<QuotaPeriod>();

    public Trio(AccountConfig config, TimeZoneInfo zone, DateTimeOffset now)
    {
        Zone = zone;
        Ledger = new ModelLedger(config.Account, zone);
        Model = new ModelAccount(config, zone, now);
        Book = new AccountBook(config, Ledger.Load(), now);
    }

    public TimeZoneInfo Zone { get; }

    public ModelLedger Ledger { get; }

    public ModelAccount Model { get; }

    public AccountBook Book { get; private set; }

    public void Reload(DateTimeOffset now)
    {
        foreach (HoldId lost in Model.Holds.Keys.Where(id => !Ledger.IsOpen(id)).ToArray())
        {
            Model.Holds.Remove(lost);
        }

        Book = new AccountBook(Model.Config, Ledger.Load(), now);
        Model.Reload(Ledger.Levels, now);
    }

    /// <summary>The book's view. Looking moves a bucket's clock, so the model looks too.</summary>
    public AccountLive ViewAt(DateTimeOffset now)
    {
        Model.Reach(now);
        return Book.ViewAt(now);
    }

    /// <summary>Book and model agree on every number (guarantees 3 and 5), and the next caller gets what the headroom says (7).</summary>
    public void MustAgree(DateTimeOffset now)
    {
        AccountLive live = ViewAt(now);
        Assert.Equal(Model.Holds.Count, live.Slots.Used);
        Assert.Equal(Model.Levels, (live.Buckets.FirstOrDefault(bucket => bucket.Limit == "requestsPerMinute")?.LevelMicro,
            live.Buckets.FirstOrDefault(bucket => bucket.Limit == "tokensPerMinute")?.LevelMicro));
        foreach (QuotaLive quota in live.Quotas)
        {
            QuotaConfig config = Model.Config.Limits.Quotas.Single(one => one.Name == quota.Limit);
            Assert.Equal(Model.Settled(config, now), quota.Used);
            Assert.Equal(Model.Held(config), quota.Held);
        }

        foreach (QuotaPeriod period in Periods)
        {
            PeriodLive shown = live.Periods[(int)period];
            Assert.Equal(CalendarPeriod.StartOf(period, now, Zone), shown.StartsAt);
            Assert.Equal(Model.Settled(new QuotaConfig(QuotaMetric.Requests, period, 0), now), shown.Requests);
            Assert.Equal(Model.Settled(new QuotaConfig(QuotaMetric.Tokens, period, 0), now), shown.Tokens);
            Assert.Equal(Model.Settled(new QuotaConfig(QuotaMetric.Cost, period, 0), now), shown.Cost.Value);
        }

        HeadroomMustBeTrue(now);
    }

    private void HeadroomMustBeTrue(DateTimeOffset now)
    {
        Headroom headroom = Book.HeadroomAt(now, "chat");
        long tokens = headroom.Tokens?.Remaining ?? 1_000_000;
        bool isOpen = tokens > 0 && headroom.Requests is not { Remaining: 0 };
        Assert.Equal(headroom.Requests is { Remaining: 0 }, headroom.Tokens is { Remaining: 0 });
        if (isOpen)
        {
            HoldAsk next = Books.Ask(tokens);
            Assert.IsType<HoldDecision.Granted>(Book.TryHold(next, now));
            Assert.True(Book.TryUndo(next.Id, now));
        }
    }
}

/// <summary>A tenant, two orgs and four keys: paths of three accounts that share their upper ones.</summary>
internal sealed class Company
{
    public const int LeafCount = 4;

    public Company(TimeZoneInfo zone, Func<LimitsConfig> limits, DateTimeOffset now)
    {
        Accounts = [.. Enumerable.Range(0, 3 + LeafCount).Select(i => new Trio(new AccountConfig(IdOf(i), limits(), zone.Id), zone, now))];
    }

    public IReadOnlyList<Trio> Accounts { get; }

    public Trio[] PathOf(int leaf) => [Accounts[0], Accounts[1 + (leaf / 2)], Accounts[3 + leaf]];

    private static AccountId IdOf(int index) => AccountId.Parse(index switch
    {
        0 => "tenant:t",
        < 3 => $"org:t.o{index}",
        _ => $"key:t.o{(index - 1) / 2}.k{index}",
    });
}
