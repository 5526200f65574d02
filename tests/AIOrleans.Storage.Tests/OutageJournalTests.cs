using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Storage.Journal;
using AIOrleans.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Storage.Tests;

public sealed class OutageJournalTests : IDisposable
{
    private const long BytesMax = 64 * 1024;

    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("aiorleans-journal-").FullName;

    private string Path => System.IO.Path.Combine(folder, "outage.journal");

    public void Dispose() => System.IO.Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Records_come_back_as_they_were_written()
    {
        JournalRecord.Held held = Held();
        UsageEvent[] events =
        [
            Requests.Event(held.HoldId, Requests.Path, 1, 0, 0) with { Status = 502, FailedBy = FailedBy.Provider, FirstByteMicros = null, Journaled = true },
            Requests.Event(held.HoldId, Requests.Path, 2, 100, 7_001) with
            {
                Estimated = true, Journaled = true, Service = ServiceTier.Flex, TierAboveTokens = 200_000, CostMax = new NanoUsd(7_001),
                Usage = new TokenUsage { Output = 100, ImageOutput = 7, AudioMilliseconds = 8, SearchUnits = 9 },
            },
        ];
        using (OutageJournal journal = Open())
        {
            Assert.True(await journal.TryAppendAsync(held, default));
            Assert.True(await journal.TryAppendAsync(new JournalRecord.Settled(held.HoldId, events), default));
        }

        IReadOnlyList<JournalRecord> read = await ReadAsync();

        DurableHold hold = Assert.IsType<JournalRecord.Held>(read[0]).Hold;
        Assert.Equal(Requests.Path, hold.Grants.Select(grant => grant.Account));
        Assert.Equal(Requests.Attribution.Tags, hold.Attribution.Tags);
        Assert.Equal(held.Hold with { Grants = [], Buckets = [], Attribution = hold.Attribution }, hold with { Grants = [], Buckets = [] });
        var settled = Assert.IsType<JournalRecord.Settled>(read[1]);
        foreach ((UsageEvent expected, UsageEvent actual) in events.Zip(settled.Events))
        {
            Assert.Equal(expected.Path, actual.Path);
            Assert.Equal(expected.Attribution.Tags, actual.Attribution.Tags);
            Assert.Equal(expected, actual with { Path = expected.Path, Attribution = expected.Attribution });
        }

        Assert.Equal((2, 2), (read.Count, settled.Events.Count));
    }

    [Fact]
    public async Task A_record_that_was_cut_off_is_no_record_and_the_next_one_stands()
    {
        JournalRecord.Held first = Held();
        await AppendAsync(first, Held());
        using (FileStream file = File.OpenWrite(Path))
        {
            file.SetLength(file.Length - 5);
        }

        JournalRecord.Held third = Held();
        await AppendAsync(third);

        Assert.Equal([first.HoldId, third.HoldId], (await ReadAsync()).Select(record => record.HoldId));
    }

    [Fact]
    public async Task A_damaged_record_is_left_out_and_those_behind_it_are_read()
    {
        JournalRecord.Held[] written = [Held(), Held(), Held()];
        await AppendAsync(written);
        byte[] bytes = await File.ReadAllBytesAsync(Path);
        bytes[(bytes.Length / 2) + 20] ^= 1;
        await File.WriteAllBytesAsync(Path, bytes);

        Assert.Equal([written[0].HoldId, written[2].HoldId], (await ReadAsync()).Select(record => record.HoldId));
    }

    [Fact]
    public async Task Concurrent_records_are_all_there()
    {
        JournalRecord.Held[] written = [.. Enumerable.Range(0, 60).Select(_ => Held())];
        using (OutageJournal journal = Open())
        {
            Assert.All(await Task.WhenAll(written.Select(record => journal.TryAppendAsync(record, default))), Assert.True);
        }

        Assert.Equal(written.Select(record => record.HoldId.Value).Order(), (await ReadAsync()).Select(record => record.HoldId.Value).Order());
    }

    [Fact]
    public async Task A_full_journal_takes_no_more_holds_and_still_their_settlements()
    {
        using OutageJournal journal = Open();
        List<JournalRecord.Held> taken = [];
        for (JournalRecord.Held held = Held(); await journal.TryAppendAsync(held, default); held = Held())
        {
            taken.Add(held);
        }

        Assert.False(journal.HasRoom);
        Assert.InRange(new FileInfo(Path).Length, BytesMax / 4 * 3, (BytesMax / 4 * 3) + 2_000);
        UsageEvent usage = Requests.Event(taken[0].HoldId, Requests.Path, 1, 100, 1);
        int settledCount = 0;
        while (await journal.TryAppendAsync(new JournalRecord.Settled(usage.HoldId, [usage]), default))
        {
            settledCount++;
        }

        Assert.InRange(settledCount, 10, 40);
        Assert.InRange(new FileInfo(Path).Length, BytesMax - 2_000, BytesMax);
        journal.Clear();
        Assert.True(await journal.TryAppendAsync(Held(), default));
        Assert.InRange(new FileInfo(Path).Length, 300, 2_000);
    }

    [Fact]
    public async Task A_file_belongs_to_one_process()
    {
        using OutageJournal mine = Open();
        Assert.True(await mine.TryAppendAsync(Held(), default));

        using OutageJournal other = Open();

        Assert.Empty(await other.OpenAsync(default));
        Assert.False(other.HasRoom);
        Assert.False(await other.TryAppendAsync(Held(), default));
    }

    private static JournalRecord.Held Held() => new(Requests.Hold([.. Requests.Path.Select(account => new AccountGrant(account, 3))]));

    private OutageJournal Open() => new(Path, BytesMax, NullLogger<OutageJournal>.Instance);

    private async Task AppendAsync(params JournalRecord.Held[] records)
    {
        using OutageJournal journal = Open();
        await journal.OpenAsync(default);
        foreach (JournalRecord.Held record in records)
        {
            Assert.True(await journal.TryAppendAsync(record, default));
        }
    }

    private async Task<IReadOnlyList<JournalRecord>> ReadAsync()
    {
        using OutageJournal journal = Open();
        return await journal.OpenAsync(default);
    }
}
