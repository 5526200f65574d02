using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Storage.Tests;

/// <summary>The writer over a store that does what a test tells it.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ScriptedStore store = new();
    private readonly GroupCommit commit;
    private readonly UsageLedger ledger;

    public GroupCommitTests()
    {
        var options = new LedgerOptions { QueueMax = 100, StoreTimeoutSeconds = 1 };
        commit = new GroupCommit(store, options, TimeProvider.System, NullLogger<GroupCommit>.Instance);
        ledger = new UsageLedger(store, commit);
        commit.Start();
    }

    public void Dispose()
    {
        store.Open.Set();
        commit.Dispose();
    }

    [Fact]
    public async Task What_arrives_during_a_commit_becomes_the_next_one()
    {
        store.Open.Reset();
        Task<SettleOutcome> first = SettleAsync();
        await store.Entered.WaitAsync();
        Task<SettleOutcome>[] others = [.. Enumerable.Range(0, 20).Select(_ => SettleAsync())];
        store.Open.Set();

        await first;
        await Task.WhenAll(others);

        Assert.Equal([1, 20], store.BatchSizes);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_late_calls_are_answered_within_the_timeout()
    {
        store.Open.Reset();
        Task<SettleOutcome> underWay = SettleAsync();
        await store.Entered.WaitAsync();
        Task<SettleOutcome>[] queued = [.. Enumerable.Range(0, 100).Select(_ => SettleAsync())];

        await Assert.ThrowsAsync<StoreUnavailableException>(SettleAsync);
        foreach (Task<SettleOutcome> call in (Task<SettleOutcome>[])[underWay, .. queued])
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        }

        store.Open.Set();
        Assert.Equal(SettleOutcome.Settled, await SettleAsync());
        Assert.Equal([1, 1], store.BatchSizes);
    }

    [Fact]
    public async Task A_call_cancelled_while_it_waits_is_never_written()
    {
        store.Open.Reset();
        Task<SettleOutcome> first = SettleAsync();
        await store.Entered.WaitAsync();
        using var cancellation = new CancellationTokenSource();
        Task<SettleOutcome> cancelled = ledger.SettleAsync(NewSettlement(), cancellation.Token);
        await cancellation.CancelAsync();
        store.Open.Set();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await SettleAsync();
        Assert.Equal([1, 1], store.BatchSizes);
    }

    [Fact]
    public async Task A_call_cancelled_while_it_is_written_ends_truthfully()
    {
        store.Open.Reset();
        using var cancellation = new CancellationTokenSource();
        Task<SettleOutcome> underWay = ledger.SettleAsync(NewSettlement(), cancellation.Token);
        await store.Entered.WaitAsync();
        await cancellation.CancelAsync();
        store.Open.Set();

        Assert.Equal(SettleOutcome.Settled, await underWay);
    }

    [Fact]
    public async Task A_store_that_comes_back_in_time_loses_no_call()
    {
        store.Faults.Enqueue(LedgerFault.Unreachable);
        store.Faults.Enqueue(LedgerFault.Conflict);

        Assert.Equal(SettleOutcome.Settled, await SettleAsync());

        Assert.Equal(1, store.Disconnects);
        Assert.Equal([1, 1, 1], store.BatchSizes);
    }

    [Fact]
    public async Task A_refused_batch_goes_apart()
    {
        store.Open.Reset();
        Task<SettleOutcome> first = SettleAsync();
        await store.Entered.WaitAsync();
        Task<SettleOutcome>[] others = [.. Enumerable.Range(0, 3).Select(_ => SettleAsync())];
        store.FaultsAfterFirst(LedgerFault.Refused, LedgerFault.Refused);
        store.Open.Set();

        await first;
        await Assert.ThrowsAsync<ScriptedFault>(() => others[0]);
        await Task.WhenAll(others[1..]);
        Assert.Equal([1, 3, 1, 1, 1], store.BatchSizes);
    }

    [Fact]
    public async Task A_committed_call_is_never_answered_with_a_failure_however_long_answering_takes()
    {
        store.Open.Reset();
        Task<SettleOutcome> first = SettleAsync();
        await store.Entered.WaitAsync();
        SettleWork[] works = [new(SettlementRow.Of(NewSettlement())), new(SettlementRow.Of(NewSettlement()))];
        Array.ForEach(works, commit.Add);
        var slow = new SlowContext();
        Task<SettleOutcome> slowlyTaken = slow.AwaitAsync(works[0].Task);
        store.Open.Set();
        await first;
        await slow.Entered.WaitAsync();

        // Past the store timeout of one second; nothing tells that the watchdog has found nothing to do.
        await Task.Delay(TimeSpan.FromSeconds(1.6));
        slow.Open.Set();

        Assert.Equal(SettleOutcome.Settled, await slowlyTaken);
        Assert.Equal(SettleOutcome.Settled, await works[1].Task);
    }

    [Fact]
    public async Task Calls_after_the_end_are_refused()
    {
        commit.Dispose();

        await Assert.ThrowsAsync<StoreUnavailableException>(SettleAsync);
    }

    private static Settlement NewSettlement()
    {
        HoldId id = HoldId.New(Requests.Now);
        return Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, 1, 1)]);
    }

    private async Task<SettleOutcome> SettleAsync() => await ledger.SettleAsync(NewSettlement(), None);

    /// <summary>A caller whose scheduler is slow to accept its continuation, which stops whoever answers it.</summary>
    private sealed class SlowContext : SynchronizationContext
    {
        public SemaphoreSlim Entered { get; } = new(0);

        public ManualResetEventSlim Open { get; } = new();

        public override void Post(SendOrPostCallback d, object? state)
        {
            Entered.Release();
            Open.Wait();
            d(state);
        }

        public Task<T> AwaitAsync<T>(Task<T> task)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            try
            {
                return AwaitHereAsync(task);
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        private static async Task<T> AwaitHereAsync<T>(Task<T> task) => await task;
    }
}
