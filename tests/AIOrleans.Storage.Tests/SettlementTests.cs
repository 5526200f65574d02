using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>Settlements: what <see cref="Core.Ports.ILedger"/> promises of usage, on each database.</summary>
public abstract class SettlementTests : StorageSuite
{
    [StoreFact]
    public async Task Settling_replaces_the_hold_by_usage_in_every_window_of_every_account()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);

        Assert.Equal(SettleOutcome.Settled, await Host.Ledger.SettleAsync(Requests.Settle(hold, tokens: 100, costNano: 7_001), None));

        WindowStarts starts = Requests.WindowsOf(Requests.Now.AddSeconds(1));
        IReadOnlyList<AccountSnapshot> loaded = await LoadAsync();
        Assert.Equal(24, (await Database.QueryAsync("SELECT 1 FROM account_window")).Count);
        foreach (AccountSnapshot snapshot in loaded)
        {
            Assert.Empty(snapshot.Holds);
            WindowTotals month = snapshot.Windows.Single(window => window.Period == StoredPeriod.Month);
            Assert.Equal(new WindowTotals(StoredPeriod.Month, starts.Month, "chat", 1, 100, new NanoUsd(7_001)), month);
        }
    }

    [StoreFact]
    public async Task An_event_is_read_back_as_it_was_settled()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        Settlement settlement = Requests.Settle(hold.Id,
        [
            Requests.Event(hold.Id, Requests.Path, 1, 0, 0) with { Status = 502, FailedBy = FailedBy.Provider, FirstByteMicros = null },
            Requests.Event(hold.Id, Requests.Path, 2, 100, 7_001) with { Journaled = true },
        ]);
        await Host.Ledger.SettleAsync(settlement, None);

        IReadOnlyList<UsageEvent> events = await Host.Ledger.ReadEventsAsync(0, 10, None);

        Assert.Equal(2, events.Count);
        foreach ((UsageEvent expected, UsageEvent actual) in settlement.Events.Zip(events))
        {
            Assert.Equal(expected.Path, actual.Path);
            Assert.Equal(expected.Attribution.Tags, actual.Attribution.Tags);
            Assert.Equal(
                expected with { Sequence = actual.Sequence },
                actual with { Path = expected.Path, Attribution = actual.Attribution with { Tags = expected.Attribution.Tags } });
        }
    }

    [StoreFact]
    public async Task A_replayed_settlement_changes_nothing()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);
        await Host.Ledger.SettleAsync(Requests.Settle(hold), None);

        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(Requests.Settle(hold), None));

        Assert.Equal((1, 100, 7_001), await MonthOfAsync(Requests.Path[0]));
        Assert.Single(await Host.Ledger.ReadEventsAsync(0, 10, None));
    }

    [StoreFact]
    public async Task A_settlement_of_a_hold_that_was_never_written_is_recorded()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());

        Assert.Equal(SettleOutcome.Settled, await Host.Ledger.SettleAsync(Requests.Settle(hold), None));
        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(Requests.Settle(hold), None));

        Assert.Equal((1, 100, 7_001), await MonthOfAsync(Requests.Path[0]));
    }

    [StoreFact]
    public async Task The_true_usage_replaces_the_estimate_of_an_orphan_in_the_windows_of_the_estimate()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);
        DateTimeOffset orphanedAt = Requests.Now.AddDays(-40);
        await Host.Ledger.SettleAsync(Requests.Orphan(hold, orphanedAt), None);
        UsageEvent estimate = Assert.Single(await Host.Ledger.ReadEventsAsync(0, 10, None));
        Settlement truth = Requests.Settle(hold.Id,
            [Requests.Event(hold.Id, Requests.Path, 1, 0, 0), Requests.Event(hold.Id, Requests.Path, 2, 100, 7_001)]);

        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(truth, None));
        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(truth, None));
        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(Requests.Orphan(hold, orphanedAt), None));

        IReadOnlyList<UsageEvent> events = await Host.Ledger.ReadEventsAsync(0, 10, None);
        Assert.Equal([1, 2], events.Select(e => e.Attempt).Order());
        Assert.Equal(estimate.Sequence, events.Single(e => e.Attempt == 1).Sequence);
        Assert.All(events, e => Assert.Equal((false, orphanedAt), (e.Estimated, e.SettledAt)));
        AccountSnapshot tenant = await Host.Ledger.LoadAsync(Requests.Path[0], None);
        WindowTotals month = Assert.Single(tenant.Windows);
        Assert.Equal(Requests.WindowsOf(orphanedAt).Month, month.StartsAt);
        Assert.Equal((1, 100, 7_001), (month.Requests, month.Tokens, month.Cost.Value));
        IReadOnlyList<UsageEvent> replaced = await Host.Ledger.ReadReplacedAsync(TimeSpan.FromMinutes(1), 10, None);
        Assert.Equal([(hold.Id, 1), (hold.Id, 2)], replaced.OrderBy(e => e.Attempt).Select(e => (e.HoldId, e.Attempt)));
        Assert.Empty(await Host.Ledger.ReadReplacedAsync(TimeSpan.FromMinutes(-1), 10, None));
    }

    [StoreFact]
    public async Task An_estimate_that_stands_is_not_among_those_replaced()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);
        await Host.Ledger.SettleAsync(Requests.Orphan(hold, Requests.Now), None);

        Assert.Empty(await Host.Ledger.ReadReplacedAsync(TimeSpan.FromMinutes(1), 10, None));
    }

    [StoreFact]
    public async Task A_late_keeper_does_not_overwrite_the_true_usage()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);
        await Host.Ledger.SettleAsync(Requests.Settle(hold), None);

        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(Requests.Orphan(hold, Requests.Now), None));

        Assert.Equal((1, 100, 7_001), await MonthOfAsync(Requests.Path[0]));
    }

    [StoreFact]
    public async Task A_poisoned_settlement_does_not_fail_the_others_of_its_batch()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.SettleAsync(Requests.Settle(hold, costNano: long.MaxValue - 5), None);
        List<Task<SettleOutcome>> good = [];
        List<Task<SettleOutcome>> poisoned = [];
        for (int i = 0; i < 50; i++)
        {
            good.Add(Host.Ledger.SettleAsync(OfTenant("good", 1), None));
            poisoned.Add(Host.Ledger.SettleAsync(OfTenant("acme", long.MaxValue / 2), None));
        }

        await Task.WhenAll(good);
        Assert.All(good, task => Assert.Equal(SettleOutcome.Settled, task.GetAwaiter().GetResult()));
        foreach (Task<SettleOutcome> task in poisoned)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => task);
        }

        AccountSnapshot tenant = await Host.Ledger.LoadAsync(AccountId.Of(AccountKind.Tenant, "good"), None);
        Assert.Equal(50, tenant.Windows.Single(window => window.Period == StoredPeriod.Month).Cost.Value);

        static Settlement OfTenant(string name, long costNano)
        {
            HoldId id = HoldId.New(Requests.Now);
            return Requests.Settle(id, [Requests.Event(id, [AccountId.Of(AccountKind.Tenant, name)], 1, 1, costNano)]);
        }
    }
}

public sealed class SqliteSettlementTests : SettlementTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresSettlementTests(PostgresFixture server) : SettlementTests
{
    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();
}
