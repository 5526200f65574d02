using AIOrleans.Core.Accounts;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Tests.Money;
using AIOrleans.Core.Usage;
using FsCheck.Fluent;

namespace AIOrleans.Core.Tests.Ledger;

public sealed class BillCheckTests
{
    private static readonly BillQuery Everything = new(null, null, null);

    private static readonly DateTimeOffset SettledAt = new(2026, 3, 31, 22, 30, 0, TimeSpan.Zero);

    private static readonly AccountId Tenant = AccountId.Of(AccountKind.Tenant, "acme");

    private static readonly AccountId Org = AccountId.Of(AccountKind.Org, "acme", "eng");

    private static readonly ModelPrice Price = Named(new ModelPrice
    {
        Version = "",
        Input = new TokenPrice(1_000_000),
        Output = new TokenPrice(4_000_000),
        Tiers = [new PriceTier(1_000, new PriceRates { Input = new TokenPrice(2_000_000) })],
        Priority = new PriceSheet { Output = new TokenPrice(8_000_000) },
    });

    private static readonly PriceBook Book = TestPrices.Book(("m", TestPrices.Now, Price));

    [Fact]
    public void A_ledger_that_is_its_bill_has_no_mismatch()
    {
        BillReport report = Check(Everything, [Event()], WindowsOf(Event()));

        Assert.True(report.IsVerified, string.Join('\n', report.Mismatches));
        Assert.Equal((1L, 1L, 0L, 0L, 4), (report.Events, report.Recomputed, report.Unpriced, report.Orphans, report.Windows));
        Assert.Equal(new NanoUsd(18_000), report.Cost);
    }

    [Fact]
    public void Every_nano_dollar_is_noticed()
    {
        UsageEvent wrong = Event() with { Cost = new NanoUsd(18_001) };

        BillMismatch mismatch = Assert.Single(Check(Everything, [wrong], WindowsOf(wrong)).Mismatches);

        Assert.Equal(("cost", "0.000018001", "0.000018"), (mismatch.Kind, mismatch.Stored, mismatch.Recomputed));
        Assert.Contains(wrong.HoldId.ToString(), mismatch.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void The_service_and_the_tier_of_an_event_count()
    {
        UsageEvent priority = Event() with { Service = ServiceTier.Priority, Cost = new NanoUsd(26_000) };
        UsageEvent longPrompt = Event() with { Usage = new TokenUsage { UncachedInput = 1_001 }, Cost = new NanoUsd(2_002_000), TierAboveTokens = 1_000 };

        Assert.Empty(Check(Everything, [priority], WindowsOf(priority)).Mismatches);
        Assert.Empty(Check(Everything, [longPrompt], WindowsOf(longPrompt)).Mismatches);
        Assert.Equal(["tier"], Kinds(longPrompt with { TierAboveTokens = 0 }));
        Assert.Equal(["cost"], Kinds(priority with { Service = ServiceTier.Standard }));
    }

    [Fact]
    public void An_estimate_is_recomputed_up_to_what_it_was_cut_to()
    {
        UsageEvent cut = Event() with { Estimated = true, Cost = new NanoUsd(5), CostMax = new NanoUsd(5) };
        Assert.Empty(Check(Everything, [cut], WindowsOf(cut)).Mismatches);
        Assert.Equal(["cost"], Kinds(cut with { CostMax = new NanoUsd(6) }));
    }

    [Fact]
    public void Orphans_and_unpriced_events_are_counted_apart()
    {
        UsageEvent orphan = Event() with { Estimated = true, Provider = "", PriceVersion = "", Cost = new NanoUsd(99) };
        UsageEvent unpriced = Event() with { PriceVersion = "", Cost = NanoUsd.Zero };

        BillReport report = Check(Everything, [orphan, unpriced], WindowsOf(orphan, unpriced));

        Assert.Empty(report.Mismatches);
        Assert.Equal((2L, 0L, 1L, 1L), (report.Events, report.Recomputed, report.Unpriced, report.Orphans));
        Assert.Equal(["cost"], Kinds(unpriced with { Cost = new NanoUsd(1) }));
    }

    [Fact]
    public void A_price_that_is_not_in_the_book_and_an_unknown_zone_are_told()
    {
        Assert.Equal(["version"], Kinds(Event() with { PriceVersion = "p-gone" }));
        UsageEvent elsewhere = Event() with { Attribution = Event().Attribution with { TimeZone = "Mars/Olympus" } };
        Assert.Equal(["calendar"], Check(Everything, [elsewhere], []).Mismatches.Select(mismatch => mismatch.Kind));
    }

    [Fact]
    public void Sums_that_are_missing_surplus_or_wrong_are_told()
    {
        StoredWindow[] windows = [.. WindowsOf(Event())];
        StoredWindow wrong = windows[0] with { Sum = windows[0].Sum with { Tokens = 11 } };
        StoredWindow surplus = windows[0] with { Account = AccountId.Of(AccountKind.Tenant, "other") };

        Assert.Single(Check(Everything, [Event()], windows[1..]).Mismatches);
        Assert.Single(Check(Everything, [Event()], [.. windows[1..], wrong]).Mismatches);
        Assert.Single(Check(Everything, [Event()], [.. windows, surplus]).Mismatches);
        Assert.Empty(Check(Everything with { Tenant = Tenant }, [Event()], [.. windows, surplus]).Mismatches);
    }

    [Fact]
    public void Periods_follow_the_tenants_calendar_and_only_whole_ones_are_compared()
    {
        // Half past midnight of the first of April in Berlin.
        DateTimeOffset april = new(2026, 3, 31, 22, 0, 0, TimeSpan.Zero);
        Assert.All(WindowsOf(Event()), window => Assert.Equal(april, window.StartsAt));

        Assert.Equal(0, Check(Everything with { From = april.AddSeconds(1) }, [Event()], []).Windows);
        Assert.Equal(2, Check(Everything with { From = april, To = april.AddHours(25) }, [Event()], []).Windows);
        Assert.Equal(4, Check(Everything with { From = april, To = april.AddDays(32) }, [Event()], []).Windows);
    }

    [Fact]
    public void Mismatches_are_counted_beyond_those_that_are_kept()
    {
        UsageEvent[] wrong = [.. Enumerable.Range(0, BillCheck.MismatchesMax + 5).Select(_ => Event() with { Cost = NanoUsd.Zero })];

        BillReport report = Check(Everything, wrong, WindowsOf(wrong));

        Assert.Equal((BillCheck.MismatchesMax, BillCheck.MismatchesMax + 5), (report.Mismatches.Count, report.MismatchCount));
    }

    [Fact]
    public void Whatever_was_charged_is_recomputed_to_the_nano_dollar() =>
        PriceGens.Check(PriceGens.Call, call =>
        {
            PriceBook book = TestPrices.Book(("m", TestPrices.Now, call.Price));
            UsageEvent charged = Event() with
            {
                Usage = call.Usage,
                Service = call.Service,
                PriceVersion = call.Price.Version,
                Cost = call.Price.CostOf(call.Usage, call.Service),
                TierAboveTokens = call.Price.TierOf(call.Usage.TotalInput, call.Service),
            };
            var check = new BillCheck(Everything, book);
            check.Add(charged);
            foreach (StoredWindow window in WindowsOf(charged))
            {
                check.Add(window);
            }

            return check.Finish() is { IsVerified: true, Recomputed: 1 };
        });

    private static IEnumerable<string> Kinds(UsageEvent e) => Check(Everything, [e], WindowsOf(e)).Mismatches.Select(mismatch => mismatch.Kind);

    private static BillReport Check(BillQuery query, IEnumerable<UsageEvent> events, IEnumerable<StoredWindow> windows)
    {
        var check = new BillCheck(query, Book);
        foreach (UsageEvent e in events)
        {
            check.Add(e);
        }

        foreach (StoredWindow window in windows)
        {
            check.Add(window);
        }

        return check.Finish();
    }

    /// <summary>What the ledger would have: one day and one month of each account.</summary>
    private static IEnumerable<StoredWindow> WindowsOf(params UsageEvent[] events)
    {
        WindowStarts starts = WindowStarts.At(events[0].SettledAt, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        var sum = new WindowSum(events.Sum(e => e.Requests), events.Sum(e => e.Usage.Total), new NanoUsd(events.Sum(e => e.Cost.Value)));
        foreach (AccountId account in new[] { Tenant, Org })
        {
            yield return new StoredWindow(account, StoredPeriod.Day, starts.Day, "chat", sum);
            yield return new StoredWindow(account, StoredPeriod.Month, starts.Month, "chat", sum);
        }
    }

    private static ModelPrice Named(ModelPrice price) => price with { Version = PriceJson.VersionOf(price) };

    /// <summary>Ten tokens in and two out: 10 × 1 000 + 2 × 4 000 nano-dollars.</summary>
    private static UsageEvent Event() => new()
    {
        HoldId = HoldId.New(SettledAt),
        Attempt = 1,
        Path = [Tenant, Org],
        Attribution = new Attribution("acme.eng.k1", "m", "Europe/Berlin", []),
        Operation = "chat",
        Requests = 1,
        Usage = new TokenUsage { UncachedInput = 10, Output = 2 },
        Cost = new NanoUsd(18_000),
        Estimated = false,
        Provider = "openai",
        ProviderModel = "m",
        PriceVersion = Price.Version,
        Status = 200,
        FailedBy = FailedBy.Nobody,
        Streamed = false,
        StartedAt = SettledAt,
        SettledAt = SettledAt,
        DurationMicros = 1,
        FirstByteMicros = null,
    };
}
