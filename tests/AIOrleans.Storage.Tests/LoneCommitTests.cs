using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Storage.Tests;

/// <summary>When a caller commits on its own thread, and when it leaves that to the writer's.</summary>
public sealed class LoneCommitTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void A_lone_hold_of_a_local_store_is_committed_on_its_callers_thread()
    {
        using var writer = new Writer(isLocal: true);

        Task<HoldOutcome> hold = writer.HoldAsync();

        Assert.True(hold.IsCompletedSuccessfully);
        Assert.Equal([Environment.CurrentManagedThreadId], writer.Store.WritingThreads);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_distant_store_or_a_wanted_thread_leaves_it_to_the_writer(bool isLocal, bool threadIsFree)
    {
        using var writer = new Writer(isLocal, threadIsFree);
        int caller = Environment.CurrentManagedThreadId;

        Assert.Equal(HoldOutcome.Recorded, await writer.HoldAsync());

        Assert.NotEqual(caller, Assert.Single(writer.Store.WritingThreads));
    }

    [Fact]
    public async Task A_settlement_waits_for_company_on_the_writers_thread()
    {
        using var writer = new Writer(isLocal: true);
        int caller = Environment.CurrentManagedThreadId;

        Assert.Equal(SettleOutcome.Settled, await writer.SettleAsync());

        Assert.NotEqual(caller, Assert.Single(writer.Store.WritingThreads));
    }

    [Fact]
    public async Task Holds_that_arrive_during_a_commit_share_the_next_one()
    {
        using var writer = new Writer(isLocal: true);
        writer.Store.Open.Reset();
        Task<SettleOutcome> underWay = writer.SettleAsync();
        await writer.Store.Entered.WaitAsync();

        Task<HoldOutcome>[] holds = [.. Enumerable.Range(0, 5).Select(_ => writer.HoldAsync())];
        writer.Store.Open.Set();
        await underWay;
        await Task.WhenAll(holds);

        Assert.Equal([1, 5], writer.Store.BatchSizes);
    }

    [Theory]
    [InlineData(nameof(LedgerFault.Unreachable))]
    [InlineData(nameof(LedgerFault.Conflict))]
    public async Task A_fault_is_left_to_the_writer_which_tries_again(string fault)
    {
        using var writer = new Writer(isLocal: true);
        writer.Store.Faults.Enqueue(Enum.Parse<LedgerFault>(fault));

        Assert.Equal(HoldOutcome.Recorded, await writer.HoldAsync());

        Assert.Equal([1, 1], writer.Store.BatchSizes);
        Assert.Equal(2, writer.Store.WritingThreads.Distinct().Count());
    }

    private sealed class Writer : IDisposable
    {
        private readonly GroupCommit commit;
        private readonly UsageLedger ledger;

        public Writer(bool isLocal, bool threadIsFree = true)
        {
            Store = new ScriptedStore { IsLocal = isLocal };
            commit = new GroupCommit(Store, new LedgerOptions(), TimeProvider.System, NullLogger<GroupCommit>.Instance) { ThreadIsFree = () => threadIsFree };
            ledger = new UsageLedger(Store, commit);
            commit.Start();
        }

        public ScriptedStore Store { get; }

        public Task<HoldOutcome> HoldAsync() => ledger.HoldAsync(Requests.Hold([new AccountGrant(Requests.Path[0], 1)]), None);

        public Task<SettleOutcome> SettleAsync()
        {
            HoldId id = HoldId.New(Requests.Now);
            return ledger.SettleAsync(Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, 1, 1)]), None);
        }

        public void Dispose()
        {
            Store.Open.Set();
            commit.Dispose();
        }
    }
}
