using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>What a damaged, foreign, full or half-written log of SQLite's ledger takes with it: nothing that was acknowledged before.</summary>
public sealed class LedgerLogDamageTests : IDisposable
{
    private readonly LoggedLedger ledger = new();

    public LedgerLogDamageTests() => ledger.Prepare();

    public void Dispose() => ledger.Dispose();

    [Fact]
    public void A_log_that_breaks_off_anywhere_has_every_batch_that_is_whole()
    {
        int[] ends = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            ledger.Settle(HoldId.New(Requests.Now), tokens: 1);
            return ledger.LogLength();
        })];

        foreach (int cut in Enumerable.Range(0, ends[^1] / 53).Select(i => i * 53).Concat(ends).Concat(ends.Select(end => end - 3)))
        {
            using LoggedLedger next = ledger.Killed(log => log.AsSpan(cut).Clear());
            Assert.Equal((cut, ends.Count(end => end <= cut)), (cut, next.Prepare()));
            Assert.Equal(ends.Count(end => end <= cut), next.CountOf("usage_event"));
        }
    }

    [Fact]
    public void A_flipped_bit_ends_the_log_where_it_is()
    {
        int[] ends = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            ledger.Settle(HoldId.New(Requests.Now), tokens: 1);
            return ledger.LogLength();
        })];

        for (int at = 0; at < ends[^1]; at += 41)
        {
            using LoggedLedger next = ledger.Killed(log => log[at] ^= 0x10);
            Assert.Equal((at, ends.Count(end => end <= at)), (at, next.Prepare()));
        }
    }

    [Fact]
    public void The_log_of_another_database_is_left_alone()
    {
        ledger.Settle(HoldId.New(Requests.Now), tokens: 5);
        using var other = new LoggedLedger();
        other.Prepare();

        using LoggedLedger reopened = other.Killed(log => File.ReadAllBytes(ledger.LogPath).CopyTo(log, 0));

        Assert.Equal((0, 0), (reopened.Prepare(), reopened.CountOf("usage_event")));
    }

    [Fact]
    public void A_batch_that_fails_half_written_takes_nothing_with_it()
    {
        ledger.Settle(HoldId.New(Requests.Now), tokens: 1);
        ledger.Execute("ALTER TABLE account RENAME TO hidden");
        HoldId id = HoldId.New(Requests.Now);
        var unknown = new BucketLevels(AccountId.Of(AccountKind.Tenant, "nobody"), 1, 1, 1, 1, Requests.Now);
        Settlement failing = Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, 1, 1)]) with { Buckets = [unknown] };
        Assert.ThrowsAny<Exception>(() => ledger.Settle(failing));
        ledger.Execute("ALTER TABLE hidden RENAME TO account");
        ledger.Settle(HoldId.New(Requests.Now), tokens: 1);

        using LoggedLedger next = ledger.Killed();
        Assert.Equal((0, 2), (next.Prepare(), next.CountOf("usage_event")));
        ledger.Settle(HoldId.New(Requests.Now), tokens: 1);
        ledger.Store.CatchUp();
        Assert.Equal(3, ledger.CountOf("usage_event"));
    }

    [Fact]
    public void What_is_brought_into_the_tables_twice_counts_once()
    {
        IReadOnlyList<AccountGrant> grants = ledger.Load();
        DurableHold open = Requests.Hold(grants);
        DurableHold ended = Requests.Hold(grants);
        ledger.Hold(open, ended);
        ledger.Settle(ended.Id, tokens: 70);
        ledger.Store.CatchUp();
        ledger.Execute("UPDATE ledger_log SET generation = generation - 1");

        using LoggedLedger next = ledger.Killed();

        Assert.Equal(2, next.Prepare());
        Assert.Equal((1, 1), (next.CountOf("hold"), next.CountOf("usage_event")));
        AccountSnapshot tenant = next.LoadOne(Requests.Path[0]);
        Assert.Equal(open.Id, Assert.Single(tenant.Holds).Id);
        Assert.All(tenant.Windows, window => Assert.Equal((1, 70), (window.Requests, window.Tokens)));
    }

    [Fact]
    public void A_frame_that_could_not_be_flushed_is_not_found_by_the_next_start()
    {
        HoldId id = HoldId.New(Requests.Now);
        ledger.Settle(id, tokens: 5);
        byte[] written = File.ReadAllBytes(ledger.LogPath);
        using var next = ledger.Killed(log => log.AsSpan().Clear());
        next.Prepare();

        // Nothing is in its log; the same settlement goes into its tables, as after a failed flush.
        Settlement again = Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, 5, 5)]) with { Buckets = [new BucketLevels(AccountId.Of(AccountKind.Tenant, "new"), 1, 1, 1, 1, Requests.Now)] };
        Assert.Equal(SettleOutcome.Settled, next.Settle(again));
        using LoggedLedger last = next.Killed(log => written.CopyTo(log, 0));

        Assert.Equal((0, 1), (last.Prepare(), last.CountOf("usage_event")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sums_that_cannot_be_written_leave_no_account_behind_that_the_tables_lack(bool prunes)
    {
        for (int i = 0; i < 8; i++)
        {
            ledger.Store.Write(new WriteBatch([.. Enumerable.Range(0, 128).Select(_ => LoggedLedger.SettlementOf(HoldId.New(Requests.Now), tokens: 1))]));
        }

        ledger.Execute("CREATE TRIGGER refused BEFORE UPDATE ON window_mark BEGIN SELECT RAISE(ABORT, 'no'); END");
        Assert.ThrowsAny<Exception>(ledger.Store.CatchUp);
        if (prunes)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => ledger.Store.PruneAsync(Requests.Now, Requests.Now, 1, CancellationToken.None));
        }

        ledger.Execute("DROP TRIGGER refused");
        AccountSnapshot tenant = ledger.LoadOne(Requests.Path[0]);

        Assert.Equal(1L, ledger.Execute($"SELECT epoch FROM account WHERE name = '{Requests.Path[0]}'"));
        Assert.All(tenant.Windows, window => Assert.Equal((1_024, 1_024), (window.Requests, window.Tokens)));
    }

    [FullDeviceFact]
    public void A_log_that_cannot_be_written_costs_speed_and_nothing_else()
    {
        using var full = new LoggedLedger(FullDeviceFactAttribute.Path);
        full.Prepare();
        Assert.Equal([HoldOutcome.Recorded], full.Hold(Requests.Hold(full.Load())));
        Assert.Equal(SettleOutcome.Settled, full.Settle(HoldId.New(Requests.Now), tokens: 1));
        Assert.Equal((1, 1), (full.CountOf("hold"), full.CountOf("usage_event")));
    }
}
