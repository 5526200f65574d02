using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>What <see cref="Core.Ports.IDirectoryStore"/> promises, on each database.</summary>
public abstract class DirectoryStoreTests : StorageSuite
{
    private const int Any = int.MaxValue;

    [StoreFact]
    public async Task Records_come_back_by_revision_with_tombstones()
    {
        Assert.Equal(2, await Host.Directory.WriteAsync([Record("acme"), Record("acme.eng", RecordKind.Org)], 0, None));
        Assert.Equal(3, await Host.Directory.WriteAsync([Record("acme", body: "", deleted: true)], 2, None));

        Assert.Equal(
            [new(RecordKind.Org, "acme.eng", "{}", 2, false), new(RecordKind.Tenant, "acme", "", 3, true)],
            await Host.Directory.ReadAsync(0, Any, None));
        Assert.Equal([3L], (await Host.Directory.ReadAsync(2, Any, None)).Select(record => record.Revision));
    }

    [StoreFact]
    public async Task An_unexpected_revision_refuses_the_whole_write()
    {
        await Host.Directory.WriteAsync([Record("acme")], null, None);

        Assert.Null(await Host.Directory.WriteAsync([Record("other")], 0, None));

        Assert.Single(await Host.Directory.ReadAsync(0, Any, None));
        Assert.Equal(2, await Host.Directory.WriteAsync([Record("other")], 1, None));
    }

    [StoreFact]
    public async Task Of_two_records_with_one_id_in_one_write_the_later_stands()
    {
        await Host.Directory.WriteAsync([Record("acme", body: "1"), Record("acme", body: "2")], null, None);

        Assert.Equal("2", Assert.Single(await Host.Directory.ReadAsync(0, Any, None)).Body);
    }

    [StoreFact]
    public async Task A_reader_that_follows_revisions_misses_no_concurrent_write()
    {
        const int writers = 8;
        const int writes = 15;
        Task writing = Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (int i = 0; i < writes; i++)
            {
                await Host.Directory.WriteAsync([Record($"t{writer}-{i}"), Record($"u{writer}-{i}")], null, None);
            }
        }));

        HashSet<string> seen = [];
        long revision = 0;
        bool last = false;
        while (!last)
        {
            last = writing.IsCompleted;
            foreach (DirectoryRecord record in await Host.Directory.ReadAsync(revision, Any, None))
            {
                Assert.True(record.Revision > revision);
                revision = record.Revision;
                seen.Add(record.Id);
            }
        }

        await writing;
        Assert.Equal(writers * writes * 2, seen.Count);
    }

    [StoreFact]
    public async Task Only_one_of_two_writers_with_the_same_expectation_succeeds()
    {
        long?[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Host.Directory.WriteAsync([Record($"t{i}")], 0, None)));

        Assert.Single(results, result => result is not null);
    }

    [StoreFact]
    public async Task Loading_gives_every_record_but_tombstones_and_the_newest_revision()
    {
        await Host.Directory.WriteAsync([Record("acme"), Record("acme.eng.ü", RecordKind.Key, "{\"a\":\"€\"}"), Record("acme.eng.b", RecordKind.Key), Record("openai", RecordKind.Provider)], null, None);
        await Host.Directory.WriteAsync([Record("acme", deleted: true)], null, None);
        var sink = new Sink();

        Assert.Equal(5, await Host.Directory.LoadAsync(sink, None));

        Assert.Equal(["Key acme.eng.b {}", "Key acme.eng.ü {\"a\":\"€\"}", "Provider openai {}"], sink.Records.Order(StringComparer.Ordinal));
    }

    [StoreFact]
    public async Task A_large_write_is_whole()
    {
        DirectoryRecord[] records = [.. Enumerable.Range(0, 45_000).Select(i => Record($"t{i}"))];

        Assert.Equal(records.Length, await Host.Directory.WriteAsync(records, 0, None));

        IReadOnlyList<DirectoryRecord> first = await Host.Directory.ReadAsync(0, 100, None);
        Assert.Equal([.. records.Take(100).Select((record, i) => record with { Revision = i + 1 })], first);
        Assert.Equal(records.Length - 100, (await Host.Directory.ReadAsync(100, Any, None)).Count);
    }

    private static DirectoryRecord Record(string id, RecordKind kind = RecordKind.Tenant, string body = "{}", bool deleted = false) =>
        new(kind, id, body, 0, deleted);

    private sealed class Sink : IRecordSink
    {
        private readonly Lock gate = new();

        public List<string> Records { get; } = [];

        public void Add(RecordKind kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> body)
        {
            lock (gate)
            {
                Records.Add($"{kind} {Encoding.UTF8.GetString(id)} {Encoding.UTF8.GetString(body)}");
            }
        }
    }
}

public sealed class SqliteDirectoryStoreTests : DirectoryStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresDirectoryStoreTests(PostgresFixture server) : DirectoryStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();
}
