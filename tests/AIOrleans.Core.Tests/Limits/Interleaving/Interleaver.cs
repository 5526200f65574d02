using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>Does random things to a <see cref="Company"/> in random order and checks the guarantees after each. The seed decides everything.</summary>
internal sealed partial class Interleaver
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly (string Zone, string Start)[] Calendars =
    [
        ("UTC", "2024-02-28T23:00:00Z"), ("Europe/Berlin", "2026-10-24T21:00:00Z"), ("America/New_York", "2026-11-01T03:30:00Z"),
        ("Asia/Kathmandu", "2026-12-31T18:00:00Z"), ("Australia/Lord_Howe", "2026-10-03T14:00:00Z"), ("America/Sao_Paulo", "2018-11-04T01:30:00Z"),
    ];

    private readonly Dice dice;
    private readonly Company company;
    private readonly Dictionary<HoldId, OpenCall> open = [];
    private DateTimeOffset clock;

    public Interleaver(int seed)
    {
        dice = new Dice(seed);
        (string zone, string start) = Calendars[seed % Calendars.Length];
        clock = DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture);
        company = new Company(TimeZones.Find(zone), dice.Limits, clock);
    }

    /// <summary>Calls that were let through: a run without any proves nothing.</summary>
    public int Granted { get; private set; }

    public int Denied { get; private set; }

    private sealed record OpenCall(HoldAsk Ask, Trio[] Path, DateTimeOffset HeldAt, DateTimeOffset LeaseUntil);

    // Silos disagree about the time by up to three seconds.
    private DateTimeOffset Now => clock.AddMilliseconds(dice.Next(-3000, 3001));

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Step();
        }

        // Traffic stops: after one lease nothing is held, and the counters are the sum of the ledger (guarantee 3).
        clock += Lease + TimeSpan.FromSeconds(10);
        SettleExpired(clock);
        Assert.Empty(open);
        foreach (Trio account in company.Accounts)
        {
            AccountLive live = account.ViewAt(clock);
            Assert.Equal((0, 0), (live.Slots.Used, live.Holds.Count));
            Assert.All(live.Quotas, quota => Assert.Equal(0, quota.Held));
            account.MustAgree(clock);
            account.Reload(clock);
            account.MustAgree(clock);
        }
    }

    private void Step()
    {
        switch (dice.Next(22))
        {
            case < 8: Hold(Now); break;
            case < 12: Settle(Now); break;
            case 12: Undo(Now); break;
            case 13: Renew(); break;
            case 14: Configure(Now); break;
            case < 17: dice.Any(company.Accounts).Reload(Now); break;
            case 17: SettleExpired(clock); break;
            case < 20: Extend(Now); break;
            default: Pass(); break;
        }
    }

    private void Hold(DateTimeOffset now)
    {
        Trio[] path = company.PathOf(dice.Next(Company.LeafCount));
        HoldAsk ask = dice.Ask(now + Lease);
        var before = path.Select(account => account.ViewAt(now)).ToArray();
        var levels = new List<BucketLevels?>();
        foreach (Trio account in path)
        {
            bool fits = account.Model.Fits(ask, now);
            HoldDecision decision = account.Book.TryHold(ask, now);
            Assert.Equal(fits, decision is HoldDecision.Granted);
            if (decision is not HoldDecision.Granted granted)
            {
                Denied++;
                UndoEverywhere(ask.Id, path, now);
                Assert.All(path.Zip(before), pair => MustEqual(pair.Second, pair.First.ViewAt(now)));
                return;
            }

            account.Model.Hold(ask);
            NeverAboveAmount(account, now);
            levels.Add(granted.Buckets);
        }

        if (dice.Next(10) == 0)
        {
            // An account moves to another silo before the hold is durable: the ledger fences it off, and it never took place.
            dice.Any(path).Reload(now);
            UndoEverywhere(ask.Id, path, now);
            Array.ForEach(path, account => account.MustAgree(now));
            return;
        }

        Granted++;
        open.Add(ask.Id, new OpenCall(ask, path, now, ask.LeaseUntil));
        for (int i = 0; i < path.Length; i++)
        {
            path[i].Ledger.Hold(ask, levels[i]);
        }

        Assert.IsType<HoldDecision.Granted>(dice.Any(path).Book.TryHold(ask, now));
        Array.ForEach(path, account => account.MustAgree(now));
    }

    private void Settle(DateTimeOffset now)
    {
        if (open.Count > 0)
        {
            OpenCall call = dice.Any([.. open.Values]);
            Settle(call, dice.Usage(call.Ask), now > call.HeldAt ? now : call.HeldAt);
        }
    }

    private void Settle(OpenCall call, SettledUsage used, DateTimeOffset settledAt)
    {
        HoldId id = call.Ask.Id;
        open.Remove(id);
        foreach (Trio account in call.Path)
        {
            account.Model.Reach(settledAt);
            account.Ledger.Settle(id, used, settledAt, account.Book.Levels(settledAt));
        }

        foreach (Trio account in call.Path)
        {
            DateTimeOffset now = Now;
            account.Model.Settle(id, used, settledAt, now);
            if (dice.Next(10) == 0)
            {
                // It died in between: the new activation has counted the settlement and knows no such hold.
                account.Reload(now);
                Assert.False(account.Book.TrySettle(id, used, settledAt, now));
            }
            else
            {
                Assert.True(account.Book.TrySettle(id, used, settledAt, now));
            }

            account.MustAgree(now);
        }
    }

    private void Undo(DateTimeOffset now)
    {
        // Only a hold that is not durable is ever undone: grant, then take back.
        Trio[] path = company.PathOf(dice.Next(Company.LeafCount));
        HoldAsk ask = dice.Ask(now + Lease);
        AccountLive before = path[0].ViewAt(now);
        if (path[0].Model.Fits(ask, now))
        {
            Assert.IsType<HoldDecision.Granted>(path[0].Book.TryHold(ask, now));
            Assert.True(path[0].Book.TryUndo(ask.Id, now));
            MustEqual(before, path[0].ViewAt(now));
        }
    }

    // Guarantee 6: a change of limits changes no counter.
    private void Configure(DateTimeOffset now)
    {
        Trio account = dice.Any(company.Accounts);
        AccountLive before = account.ViewAt(now);
        AccountConfig config = account.Model.Config with { Limits = dice.Limits() };
        account.Book.Configure(config, now);
        account.Model.Configure(config, now);
        AccountLive after = account.ViewAt(now);
        Assert.Equal(before.Periods, after.Periods);
        Assert.Equal(before.Holds, after.Holds);
        account.MustAgree(now);
    }

    private void SettleExpired(DateTimeOffset now)
    {
        foreach (Trio account in company.Accounts)
        {
            Assert.Equal(open.Values.Any(call => call.Path.Contains(account) && call.LeaseUntil < now), account.Book.HasExpired(now));
        }

        foreach (OpenCall call in open.Values.Where(call => call.LeaseUntil < now).ToArray())
        {
            Settle(call, new SettledUsage(call.Ask.Operation, 1, call.Ask.Worst), now > call.HeldAt ? now : call.HeldAt);
        }
    }

    private void Pass() => clock += dice.Next(6) switch
    {
        0 => TimeSpan.FromTicks(dice.Next(10_000_000)),
        < 4 => TimeSpan.FromSeconds(dice.Next(40)),
        4 => TimeSpan.FromMinutes(dice.Next(90)),
        _ => TimeSpan.FromHours(dice.Next(dice.Next(2000))),
    };

    private static void UndoEverywhere(HoldId id, Trio[] path, DateTimeOffset now)
    {
        foreach (Trio account in path)
        {
            bool known = account.Model.Holds.ContainsKey(id);
            Assert.Equal(known, account.Book.TryUndo(id, now));
            account.Model.Undo(id, now);
        }
    }

    // Guarantee 1, from the book's own numbers and the model's sums.
    private static void NeverAboveAmount(Trio account, DateTimeOffset now)
    {
        foreach (QuotaConfig quota in account.Model.Config.Limits.Quotas.Where(quota => quota.Mode == QuotaMode.Strict && quota.Operation is null))
        {
            Assert.True(account.Model.Settled(quota, now) + account.Model.Held(quota) <= quota.Amount, $"{quota.Name} is overspent.");
        }
    }

    private static void MustEqual(AccountLive before, AccountLive after)
    {
        Assert.Equal(before.Buckets, after.Buckets);
        Assert.Equal(before.Quotas.Select(quota => quota with { WouldDenyCount = 0 }), after.Quotas.Select(quota => quota with { WouldDenyCount = 0 }));
        Assert.Equal(before.Slots, after.Slots);
        Assert.Equal(before.Holds, after.Holds);
        Assert.Equal(before.Periods, after.Periods);
    }
}
