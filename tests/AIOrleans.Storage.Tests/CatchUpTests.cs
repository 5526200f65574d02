using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Storage.Tests;

/// <summary>When the writer has a store bring its log into its tables.</summary>
public sealed class CatchUpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_happens_without_further_work(bool isFarBehind)
    {
        var store = new ScriptedStore { KeepsLog = true, IsAlwaysFarBehind = isFarBehind };
        using GroupCommit commit = Start(store);
        await SettleAsync(store, commit);

        Assert.True(await store.CaughtUp.WaitAsync(Patience));
        Assert.False(store.IsBehind);
    }

    [Fact]
    public async Task It_is_done_before_the_writer_ends()
    {
        var store = new ScriptedStore { KeepsLog = true };
        GroupCommit commit = Start(store);
        await SettleAsync(store, commit);

        commit.Dispose();

        Assert.False(store.IsBehind);
    }

    [Theory]
    [InlineData(nameof(LedgerFault.Unreachable), 2)]
    [InlineData(nameof(LedgerFault.Refused), 0)]
    public async Task It_is_tried_again_and_only_a_store_out_of_reach_is_left_and_sought_anew(string fault, int disconnects)
    {
        var store = new ScriptedStore { KeepsLog = true, IsAlwaysFarBehind = true };
        // The first is met beside the writer, who then sees to it.
        for (int i = 0; i < 3; i++)
        {
            store.CatchUpFaults.Enqueue(Enum.Parse<LedgerFault>(fault));
        }

        using GroupCommit commit = Start(store);
        await SettleAsync(store, commit);

        Assert.True(await store.CaughtUp.WaitAsync(Patience));
        commit.Dispose();
        Assert.Equal((disconnects, false), (store.Disconnects, commit.IsAway));
    }

    [Fact]
    public async Task Works_are_written_meanwhile()
    {
        var store = new ScriptedStore { KeepsLog = true, IsAlwaysFarBehind = true };
        store.CatchUpOpen.Reset();
        using GroupCommit commit = Start(store);
        await SettleAsync(store, commit);
        Assert.True(await store.CatchUpEntered.WaitAsync(Patience));

        await SettleAsync(store, commit);

        store.CatchUpOpen.Set();
        Assert.True(await store.CaughtUp.WaitAsync(Patience));
    }

    private static GroupCommit Start(ScriptedStore store)
    {
        var commit = new GroupCommit(store, new LedgerOptions(), TimeProvider.System, NullLogger<GroupCommit>.Instance);
        commit.Start();
        return commit;
    }

    private static async Task SettleAsync(ScriptedStore store, GroupCommit commit)
    {
        HoldId id = HoldId.New(Requests.Now);
        SettleOutcome outcome = await new UsageLedger(store, commit)
            .SettleAsync(Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, 1, 1)]), CancellationToken.None);
        Assert.Equal(SettleOutcome.Settled, outcome);
    }
}
