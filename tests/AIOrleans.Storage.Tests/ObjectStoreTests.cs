using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>What <see cref="IObjectStore"/> promises, on each database.</summary>
public abstract class ObjectStoreTests : StorageSuite
{
    private static readonly AccountId Eng = AccountId.Of(AccountKind.Org, "acme", "eng");
    private static readonly AccountId Sales = AccountId.Of(AccountKind.Org, "acme", "sales");
    private static readonly DateTimeOffset Now = Requests.Now;

    private IObjectStore Objects => Host.Get<IObjectStore>();

    [StoreFact]
    public async Task An_object_is_found_as_it_was_by_its_org_and_by_nobody_else()
    {
        StoredObject made = Batch("batch_1");
        await Objects.AddAsync(made, None);

        StoredObject? found = await Objects.FindAsync(Eng, ObjectKind.Batch, "batch_1", None);

        Assert.NotNull(found);
        Assert.Equal(made with { Path = found.Path }, found);
        Assert.Equal(made.Path, found.Path);
        Assert.Null(await Objects.FindAsync(Sales, ObjectKind.Batch, "batch_1", None));
        Assert.Null(await Objects.FindAsync(Eng, ObjectKind.File, "batch_1", None));
    }

    [StoreFact]
    public async Task What_is_known_already_stays_whoever_claims_it()
    {
        await Objects.AddAsync(File("file-1"), None);
        await Objects.AddAsync(File("file-1") with { Org = Sales }, None);

        Assert.NotNull(await Objects.FindAsync(Eng, ObjectKind.File, "file-1", None));
        Assert.Null(await Objects.FindAsync(Sales, ObjectKind.File, "file-1", None));
    }

    [StoreFact]
    public async Task Pages_follow_one_another_newest_or_oldest_first()
    {
        for (int i = 0; i < 5; i++)
        {
            await Objects.AddAsync(File($"file-{i}", i == 3 ? "batch" : "assistants") with { CreatedAt = Now.AddSeconds(i / 2) }, None);
        }

        await Objects.AddAsync(File("file-foreign") with { Org = Sales }, None);

        Assert.Equal(["file-4", "file-3"], await ListAsync(new ObjectPage(ObjectKind.File, null, null, Ascending: false, 2)));
        Assert.Equal(["file-2", "file-1"], await ListAsync(new ObjectPage(ObjectKind.File, null, "file-3", Ascending: false, 2)));
        Assert.Equal(["file-0"], await ListAsync(new ObjectPage(ObjectKind.File, null, "file-1", Ascending: false, 2)));
        Assert.Equal(["file-0", "file-1", "file-2"], await ListAsync(new ObjectPage(ObjectKind.File, null, null, Ascending: true, 3)));
        Assert.Equal(["file-4"], await ListAsync(new ObjectPage(ObjectKind.File, null, "file-3", Ascending: true, 3)));
        Assert.Equal(["file-3"], await ListAsync(new ObjectPage(ObjectKind.File, "batch", null, Ascending: false, 9)));
    }

    [StoreFact]
    public async Task Files_of_others_are_told_from_own_and_unknown_ones()
    {
        await Objects.AddAsync(File("file-own"), None);
        await Objects.AddAsync(File("file-foreign") with { Org = Sales }, None);

        Assert.Equal(["file-foreign"], await Objects.FindForeignAsync(Eng, ["file-own", "file-foreign", "file-unknown"], None));
    }

    [StoreFact]
    public async Task A_batch_that_is_due_is_taken_once_until_its_time_is_over()
    {
        await Objects.AddAsync(Batch("batch_1"), None);

        IReadOnlyList<StoredObject>[] taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Objects.TakeDueAsync(Now.AddMinutes(1), Now.AddMinutes(2), 10, None)));

        Assert.Equal("batch_1", Assert.Single(taken.SelectMany(batches => batches)).Id);
        Assert.Empty(await Objects.TakeDueAsync(Now.AddMinutes(1.5), Now.AddMinutes(3), 10, None));
        Assert.Single(await Objects.TakeDueAsync(Now.AddMinutes(2), Now.AddMinutes(3), 10, None));
    }

    [StoreFact]
    public async Task What_is_settled_stays_so_and_is_never_due_again()
    {
        await Objects.AddAsync(Batch("batch_1"), None);
        await Objects.NoteAsync(Batch("batch_1") with { State = AccountState.Settled, DueAt = null, Told = "done" }, None);
        await Objects.NoteAsync(Batch("batch_1") with { Told = "late" }, None);

        StoredObject? found = await Objects.FindAsync(Eng, ObjectKind.Batch, "batch_1", None);

        Assert.Equal((AccountState.Settled, null, "late"), (found?.State, found?.DueAt, found?.Told));
        Assert.Empty(await Objects.TakeDueAsync(Now.AddDays(9), Now.AddDays(10), 10, None));
    }

    [StoreFact]
    public async Task What_is_removed_is_nobodys()
    {
        await Objects.AddAsync(File("file-1"), None);
        await Objects.RemoveAsync("openai", "file-1", None);

        Assert.Null(await Objects.FindAsync(Eng, ObjectKind.File, "file-1", None));
    }

    private async Task<IEnumerable<string>> ListAsync(ObjectPage page) => (await Objects.ListAsync(Eng, page, None)).Select(stored => stored.Id);

    private static StoredObject File(string id, string purpose = "assistants") => new()
    {
        Provider = "openai", Id = id, Kind = ObjectKind.File, Org = Eng, KeyId = "acme.eng.k1", Path = Requests.Path, Purpose = purpose, Bytes = 5_000_000_000,
        CreatedAt = Now, Told = """{"id":"it's"}""",
    };

    private static StoredObject Batch(string id) => File(id) with
    {
        Kind = ObjectKind.Batch,
        Purpose = "",
        Work = new BatchWork("gpt-4.1", "up-1", "/v1/chat/completions", 3, 5_000_000_000, 7, 1),
        Hold = new HoldId(new Guid("01890a5d-ac96-774b-bcce-b302099a8057")),
        State = AccountState.Estimated,
        DueAt = Now,
    };
}

public sealed class SqliteObjectStoreTests : ObjectStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresObjectStoreTests(PostgresFixture server) : ObjectStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();
}
