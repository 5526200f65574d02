using AIOrleans.Core.Configuration;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Usage;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>What <see cref="IPriceStore"/> and <see cref="IBillReads"/> promise, on each database.</summary>
public abstract class PriceStoreTests : StorageSuite
{
    private static readonly BillQuery Everything = new(null, null, null);

    private IPriceStore Prices => Host.Get<IPriceStore>();

    [StoreFact]
    public async Task Lines_come_back_in_order_as_they_were_written()
    {
        PriceRecord[] lines = [Line("azure/gpt-4o", 1, Requests.Now), Line("b", 2, PriceSchedule.Ever) with { Name = new PriceName(PriceSource.Config, "b") }];

        Assert.True(await Prices.WriteAsync(lines, 0, None));
        Assert.True(await Prices.WriteAsync([Line("azure/gpt-4o", 3, Requests.Now.AddYears(1))], 2, None));

        IReadOnlyList<PriceRecord> read = await Prices.ReadAsync(0, None);
        Assert.Equal([1L, 2, 3], read.Select(line => line.Sequence));
        Assert.Equal(lines.Select(line => (line.Name, line.From, line.RecordedAt)), read.Take(2).Select(line => (line.Name, line.From, line.RecordedAt)));
        Assert.Equal(lines.Select(line => line.Price.Version), read.Take(2).Select(line => line.Price.Version));
        Assert.Equal(PriceJson.TextOf(lines[0].Price), PriceJson.TextOf(read[0].Price));
        Assert.Equal([3L], (await Prices.ReadAsync(2, None)).Select(line => line.Sequence));
    }

    [StoreFact]
    public async Task A_writer_that_has_not_seen_the_newest_line_writes_nothing()
    {
        await Prices.WriteAsync([Line("a", 1, Requests.Now)], 0, None);

        Assert.False(await Prices.WriteAsync([Line("b", 2, Requests.Now)], 0, None));

        Assert.Single(await Prices.ReadAsync(0, None));
    }

    [StoreFact]
    public async Task Only_one_of_many_writers_with_the_same_expectation_succeeds()
    {
        bool[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Prices.WriteAsync([Line($"m{i}", i, Requests.Now), Line($"n{i}", i, Requests.Now)], 0, None)));

        Assert.Single(results, isWritten => isWritten);
        Assert.Equal([1L, 2], (await Prices.ReadAsync(0, None)).Select(line => line.Sequence));
    }

    [StoreFact]
    public async Task An_event_keeps_all_that_its_cost_follows_from()
    {
        HoldId id = HoldId.New(Requests.Now);
        UsageEvent charged = Requests.Event(id, Requests.Path, 1, 10, 5) with
        {
            Usage = new TokenUsage
            {
                UncachedInput = 1, CacheRead = 2, CacheWrite5m = 3, CacheWrite1h = 4, Output = 5, Reasoning = 1, AudioInput = 6, AudioOutput = 7, Images = 8,
                ImageInput = 9, ImageOutput = 10, ImagesMade = 11, AudioMilliseconds = 12, Characters = 13, SearchUnits = 14,
            },
            Service = ServiceTier.Flex,
            TierAboveTokens = 200_000,
            CostMax = new NanoUsd(9),
            Estimated = true,
        };
        await Host.Ledger.SettleAsync(Requests.Settle(id, [charged]), None);

        UsageEvent read = Assert.Single(await Host.Ledger.ReadEventsAsync(0, 10, None));

        Assert.Equal((charged.Usage, charged.Service, charged.TierAboveTokens, charged.CostMax), (read.Usage, read.Service, read.TierAboveTokens, read.CostMax));
        var everything = new UsageQuery(Requests.Now.AddDays(-1), Requests.Now.AddDays(1), [], [], null);
        Assert.Equal(charged.Usage, Assert.Single(await Host.Reports.ReadTotalsAsync(everything, 10, None)).Usage);
    }

    [StoreFact]
    public async Task The_bill_of_a_ledger_is_recomputed_from_its_events_and_a_change_behind_its_back_is_noticed()
    {
        ModelPrice price = PriceOf(1_000_000);
        PriceBook book = PriceBook.Empty.With([new PriceRecord(1, new PriceName(PriceSource.Import, "m"), Requests.Now, price, Requests.Now)]);
        for (int i = 1; i <= 20; i++)
        {
            HoldId id = HoldId.New(Requests.Now);
            var usage = new TokenUsage { UncachedInput = i, Output = 2 * i };
            UsageEvent charged = Requests.Event(id, Requests.Path, 1, 0, 0) with { Usage = usage, Cost = price.CostOf(usage), PriceVersion = price.Version };
            await Host.Ledger.SettleAsync(new Settlement(id, [charged], WindowStarts.At(charged.SettledAt, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"))), None);
        }

        BillReport good = await Host.Get<IBillReads>().ReadAsync(Everything, () => new BillCheck(Everything, book), None);
        Assert.True(good.IsVerified, string.Join('\n', good.Mismatches));
        Assert.Equal((20L, 20L, 2 * Requests.Path.Count), (good.Events, good.Recomputed, good.Windows));

        // Now every event is in its windows: a change is found in both.
        await LoadAsync();
        await Database.QueryAsync("UPDATE usage_event SET cost_nano = cost_nano + 1 WHERE uncached_input = 7 RETURNING sequence");
        BillReport bad = await Host.Get<IBillReads>().ReadAsync(Everything, () => new BillCheck(Everything, book), None);

        Assert.Equal(["cost", .. Enumerable.Repeat("window", 2 * Requests.Path.Count)], bad.Mismatches.Select(mismatch => mismatch.Kind).Order(StringComparer.Ordinal));
    }

    [StoreFact]
    public async Task A_bill_can_be_narrowed_to_a_tenant_and_a_time()
    {
        HoldId id = HoldId.New(Requests.Now);
        await Host.Ledger.SettleAsync(Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, 10, 5)]), None);

        Assert.Equal(1, await CountAsync(Everything with { Tenant = Requests.Path[0] }));
        Assert.Equal(0, await CountAsync(Everything with { Tenant = Core.Accounts.AccountId.Of(Core.Accounts.AccountKind.Tenant, "other") }));
        Assert.Equal(1, await CountAsync(Everything with { From = Requests.Now, To = Requests.Now.AddSeconds(2) }));
        Assert.Equal(0, await CountAsync(Everything with { To = Requests.Now.AddSeconds(1) }));
    }

    private async Task<long> CountAsync(BillQuery query) =>
        (await Host.Get<IBillReads>().ReadAsync(query, () => new BillCheck(query, PriceBook.Empty), None)).Events;

    private static PriceRecord Line(string model, long micro, DateTimeOffset from) =>
        new(0, new PriceName(PriceSource.Import, model), from, PriceOf(micro), Requests.Now);

    private static ModelPrice PriceOf(long micro)
    {
        var price = new ModelPrice
        {
            Version = "", Input = new TokenPrice(micro), Output = new TokenPrice(micro),
            Tiers = [new PriceTier(200_000, new PriceRates { Input = new TokenPrice(2 * micro) })],
            Batch = new PriceSheet { Output = new TokenPrice(micro / 2) },
        };
        return price with { Version = PriceJson.VersionOf(price) };
    }
}

public sealed class SqlitePriceStoreTests : PriceStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresPriceStoreTests(PostgresFixture server) : PriceStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();
}
