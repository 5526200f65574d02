using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>Holds that grow: what <see cref="Core.Ports.ILedger"/> promises of them, on each database.</summary>
public abstract class ExtensionTests : StorageSuite
{
    [StoreFact]
    public async Task An_extension_is_seen_by_the_next_load_and_by_the_keeper()
    {
        DurableHold hold = await HoldAsync();

        Assert.Equal(ExtendOutcome.Recorded, await Host.Ledger.ExtendAsync(Grown(hold, 100), None));

        foreach (AccountSnapshot snapshot in await LoadAsync())
        {
            Assert.Equal(new OpenHold(hold.Id, hold.Operation, Plus(hold.Worst, 100), Plus(hold.Expected, 100), hold.LeaseUntil), Assert.Single(snapshot.Holds));
        }

        DurableHold expired = Assert.Single(await Host.Ledger.ReadExpiredAsync(hold.LeaseUntil.AddSeconds(1), 10, None));
        Assert.Equal((Plus(hold.Worst, 100), Plus(hold.Expected, 100)), (expired.Worst, expired.Expected));
    }

    [StoreFact]
    public async Task A_smaller_total_that_comes_late_takes_nothing_away()
    {
        DurableHold hold = await HoldAsync();
        await Host.Ledger.ExtendAsync(Grown(hold, 100), None);

        Assert.Equal(ExtendOutcome.Recorded, await Host.Ledger.ExtendAsync(Grown(hold, 50), None));

        Assert.Equal(Plus(hold.Worst, 100), (await LoadAsync())[0].Holds[0].Worst);
    }

    [StoreFact]
    public async Task An_extension_of_an_older_epoch_is_fenced_and_nothing_is_written()
    {
        DurableHold hold = await HoldAsync();
        await Host.Ledger.LoadAsync(Requests.Path[3], None);

        Assert.Equal(ExtendOutcome.Fenced, await Host.Ledger.ExtendAsync(Grown(hold, 100), None));

        Assert.Equal(hold.Worst, (await LoadAsync())[0].Holds[0].Worst);
    }

    [StoreFact]
    public async Task A_repeated_extension_stands_even_when_its_epoch_has_passed()
    {
        DurableHold hold = await HoldAsync();
        await Host.Ledger.ExtendAsync(Grown(hold, 100), None);
        await LoadAsync();

        Assert.Equal(ExtendOutcome.Recorded, await Host.Ledger.ExtendAsync(Grown(hold, 100), None));
        Assert.Equal(ExtendOutcome.Fenced, await Host.Ledger.ExtendAsync(Grown(hold, 101), None));
    }

    [StoreFact]
    public async Task A_hold_that_was_settled_or_never_written_is_not_extended()
    {
        DurableHold settled = await HoldAsync();
        DurableHold unknown = settled with { Id = HoldId.New(Requests.Now) };
        await Host.Ledger.SettleAsync(Requests.Settle(settled), None);

        Assert.Equal(ExtendOutcome.NotOpen, await Host.Ledger.ExtendAsync(Grown(settled, 100), None));
        Assert.Equal(ExtendOutcome.NotOpen, await Host.Ledger.ExtendAsync(Grown(unknown, 100), None));

        Assert.All(await LoadAsync(), snapshot => Assert.Empty(snapshot.Holds));
    }

    [StoreFact]
    public async Task Bucket_levels_are_saved_with_an_extension_and_not_without()
    {
        DurableHold hold = await HoldAsync();
        BucketLevels Levels(long sequence) => new(Requests.Path[0], hold.Grants[0].Epoch, sequence, null, -sequence, Requests.Now);
        DurableHold unknown = hold with { Id = HoldId.New(Requests.Now) };

        await Host.Ledger.ExtendAsync(Grown(hold, 100) with { Buckets = [Levels(7)] }, None);
        await Host.Ledger.ExtendAsync(Grown(unknown, 100) with { Buckets = [Levels(8)] }, None);

        Assert.Equal(-7, (await LoadAsync())[0].Buckets?.TokensMicro);
    }

    [StoreFact]
    public async Task Many_extensions_at_once_each_find_their_hold()
    {
        IReadOnlyList<AccountSnapshot> loaded = await LoadAsync();
        DurableHold[] holds = [.. Enumerable.Range(0, 40).Select(_ => Requests.Hold(loaded))];
        await Task.WhenAll(holds.Select(hold => Host.Ledger.HoldAsync(hold, None)));

        ExtendOutcome[] outcomes = await Task.WhenAll(holds.SelectMany((hold, i) => new[] { Grown(hold, i), Grown(hold, 2 * i) })
            .Select(extension => Host.Ledger.ExtendAsync(extension, None)));

        Assert.All(outcomes, outcome => Assert.Equal(ExtendOutcome.Recorded, outcome));
        Dictionary<HoldId, HoldSize> stored = (await LoadAsync())[0].Holds.ToDictionary(hold => hold.Id, hold => hold.Worst);
        Assert.All(holds.Index(), hold => Assert.Equal(Plus(hold.Item.Worst, 2 * hold.Index), stored[hold.Item.Id]));
    }

    private async Task<DurableHold> HoldAsync()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        Assert.Equal(HoldOutcome.Recorded, await Host.Ledger.HoldAsync(hold, None));
        return hold;
    }

    private static HoldExtension Grown(DurableHold hold, long more) =>
        new() { Id = hold.Id, Grants = hold.Grants, Total = new HoldSizes(Plus(hold.Worst, more), Plus(hold.Expected, more)) };

    private static HoldSize Plus(HoldSize size, long more) => new(size.Tokens + more, size.Cost + new NanoUsd(more));
}

public sealed class SqliteExtensionTests : ExtensionTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresExtensionTests(PostgresFixture server) : ExtensionTests
{
    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();
}
