using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>What <see cref="IUsageReports"/> promises, on each database.</summary>
public abstract class UsageReportsTests : StorageSuite
{
    private static readonly UsageQuery Everything = new(Requests.Now.AddDays(-1), Requests.Now.AddDays(1), [], [], null);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();

        // Two requests of one key; the second took two attempts. One request of a service key without a user.
        await SettleAsync(Requests.Path, "rnd", (1, 10, 100));
        await SettleAsync(Requests.Path, "rnd", (1, 0, 0), (2, 20, 200));
        await SettleAsync([.. Requests.Path.Where(account => account.Kind != AccountKind.User)], "o'ps\"", (1, 5, 1_000));
    }

    [StoreFact]
    public async Task Without_groups_there_is_one_row_of_totals()
    {
        UsageTotals totals = Assert.Single(await Host.Reports.ReadTotalsAsync(Everything, 10, None));

        Assert.Equal((3L, 4L, 1L, 0L), (totals.Requests, totals.Attempts, totals.Failures, totals.EstimatedAttempts));
        Assert.Equal(new NanoUsd(1_300), totals.Cost);
        Assert.Equal(35, totals.Usage.Total);
    }

    [StoreFact]
    public async Task Groups_come_largest_cost_first_and_absent_values_are_null()
    {
        UsageQuery query = Everything with { Groups = [UsageGroup.User, UsageGroup.Tag], TagNames = ["department"] };

        IReadOnlyList<UsageTotals> rows = await Host.Reports.ReadTotalsAsync(query, 10, None);

        Assert.Equal([[null, "o'ps\""], ["acme.eng.dev", "rnd"]], rows.Select(row => row.Values));
        Assert.Equal([1_000L, 300L], rows.Select(row => row.Cost.Value));
        Assert.Single(await Host.Reports.ReadTotalsAsync(query, 1, None));
    }

    [StoreFact]
    public async Task Every_group_has_a_column()
    {
        string?[] expected =
        [
            "acme", "acme.eng", "acme.eng.core", "acme.eng.dev", "acme.eng.k1", null, "gpt-4.1", "openai", "chat", "2026-03-29", "rnd",
        ];
        foreach ((UsageGroup group, string? value) in Enum.GetValues<UsageGroup>().Zip(expected))
        {
            UsageQuery query = Everything with { Groups = [group], TagNames = group == UsageGroup.Tag ? ["department"] : [] };
            Assert.Contains(await Host.Reports.ReadTotalsAsync(query, 10, None), row => row.Values[0] == value);
        }
    }

    [StoreFact]
    public async Task An_account_and_a_time_span_narrow_the_report()
    {
        UsageQuery ofUser = Everything with { Within = Requests.Path[3] };
        UsageQuery ofStranger = Everything with { Within = AccountId.Of(AccountKind.User, "acme", "eng", "de") };
        UsageQuery before = Everything with { To = Requests.Now };

        Assert.Equal(300, (await Host.Reports.ReadTotalsAsync(ofUser, 10, None)).Single().Cost.Value);
        Assert.Equal(0, (await Host.Reports.ReadTotalsAsync(ofStranger, 10, None)).Single().Requests);
        Assert.Equal(0, (await Host.Reports.ReadTotalsAsync(before, 10, None)).Single().Requests);
    }

    [StoreFact]
    public async Task Events_page_backwards_from_the_newest()
    {
        IReadOnlyList<UsageEvent> first = await Host.Reports.ReadEventsAsync(Everything, null, 3, None);
        IReadOnlyList<UsageEvent> second = await Host.Reports.ReadEventsAsync(Everything, first[^1].Sequence, 3, None);

        long[] sequences = [.. first.Concat(second).Select(e => e.Sequence)];
        Assert.Equal(4, sequences.Length);
        Assert.Equal(sequences.OrderDescending(), sequences);
    }

    [StoreFact]
    public async Task A_query_that_cannot_be_answered_says_why()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Host.Reports.ReadTotalsAsync(Everything with { Groups = [UsageGroup.Tag] }, 10, None));
        await Assert.ThrowsAsync<ArgumentException>(
            () => Host.Reports.ReadTotalsAsync(Everything with { Groups = [.. Enumerable.Repeat(UsageGroup.Day, 5)] }, 10, None));
    }

    private async Task SettleAsync(IReadOnlyList<AccountId> path, string department, params (int Attempt, long Tokens, long CostNano)[] attempts)
    {
        HoldId id = HoldId.New(Requests.Now);
        await Host.Ledger.SettleAsync(
            Requests.Settle(id, [.. attempts.Select(attempt => Requests.Event(id, path, attempt.Attempt, attempt.Tokens, attempt.CostNano) with
            {
                FailedBy = attempt.Tokens == 0 ? FailedBy.Provider : FailedBy.Nobody,
                Attribution = Requests.Attribution with { Tags = [new("department", department)] },
            })]),
            None);
    }
}

public sealed class SqliteUsageReportsTests : UsageReportsTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresUsageReportsTests(PostgresFixture server) : UsageReportsTests
{
    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();
}
