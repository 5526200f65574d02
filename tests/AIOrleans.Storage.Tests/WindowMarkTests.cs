using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Usage;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>SQLite adds events to the sums of windows some at a time: nobody may see the difference.</summary>
public sealed class WindowMarkTests : IAsyncLifetime
{
    private static readonly BillQuery Everything = new(null, null, null);

    private static readonly TokenUsage EveryClass = new()
    {
        UncachedInput = 1, CacheRead = 10, CacheWrite5m = 100, CacheWrite1h = 1_000, Output = 10_000, Reasoning = 5_000, AudioInput = 100_000, AudioOutput = 1_000_000,
        ImageInput = 10_000_000, ImageOutput = 100_000_000, Images = 3, Characters = 7,
    };

    private readonly SqliteDatabase database = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(1_023)]
    [InlineData(1_024)]
    [InlineData(2_500)]
    public async Task A_start_finds_every_event_in_its_windows_however_many_were_still_to_be_added(int count)
    {
        await using (StorageHost host = await database.OpenAsync())
        {
            await SettleAsync(host, count);
        }

        // Fewer than are added together are left, whatever batches they came in.
        Assert.InRange(await BehindAsync(), count < 1_024 ? count : 0, Math.Min(count, 1_023));

        await using StorageHost next = await database.OpenAsync();
        await next.Ledger.LoadAsync(Requests.Path[0], CancellationToken.None);

        Assert.Equal(0, await BehindAsync());
        WindowStarts starts = Requests.WindowsOf(Requests.Now.AddSeconds(1));
        object[] expected = [.. new[] { starts.Minute, starts.Hour, starts.Day, starts.Month }
            .Select(start => $"{start.ToUnixTimeMilliseconds() * 1_000} {count} {count * 111_111_111L} {count * 7L}")];
        foreach (AccountId account in Requests.Path)
        {
            Assert.Equal(expected, await database.QueryAsync(
                $"SELECT period_start || ' ' || requests || ' ' || tokens || ' ' || cost_nano FROM account_window JOIN account USING (account_no) WHERE name = '{account}' ORDER BY period"));
        }
    }

    [Fact]
    public async Task A_bill_counts_what_is_still_to_be_added_and_narrows_it_by_time()
    {
        await using StorageHost host = await database.OpenAsync();
        await SettleAsync(host, 100);
        await host.Ledger.ReadEventsAsync(0, 1, CancellationToken.None);
        Assert.Equal(100, await BehindAsync());

        BillReport all = await BillAsync(host, Everything);
        BillReport later = await BillAsync(host, Everything with { From = Requests.Now.AddDays(2) });

        Assert.DoesNotContain(all.Mismatches, mismatch => mismatch.Kind == "window");
        Assert.Equal((100, 2 * Requests.Path.Count), (all.Events, all.Windows));
        Assert.Equal((0, 0), (later.Events, later.Windows));
    }

    [Fact]
    public async Task An_estimate_is_taken_out_although_it_was_still_to_be_added()
    {
        await using StorageHost host = await database.OpenAsync();
        AccountSnapshot tenant = await host.Ledger.LoadAsync(Requests.Path[0], CancellationToken.None);
        DurableHold hold = Requests.Hold([tenant]);
        await host.Ledger.HoldAsync(hold, CancellationToken.None);
        await host.Ledger.SettleAsync(Requests.Orphan(hold, Requests.Now), CancellationToken.None);
        Assert.Equal(1, await BehindAsync());

        await host.Ledger.SettleAsync(
            Requests.Settle(hold.Id, [Requests.Event(hold.Id, [tenant.Account], 1, 5, 50), Requests.Event(hold.Id, [tenant.Account], 2, 6, 60)]), CancellationToken.None);

        Assert.Equal(0, await BehindAsync());
        tenant = await host.Ledger.LoadAsync(tenant.Account, CancellationToken.None);
        Assert.All(tenant.Windows, window => Assert.Equal((1, 11, 110), (window.Requests, window.Tokens, window.Cost.Value)));
        Assert.True((await BillAsync(host, Everything)).Mismatches.All(mismatch => mismatch.Kind != "window"));
    }

    private static Task SettleAsync(StorageHost host, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
    {
        HoldId id = HoldId.New(Requests.Now);
        return host.Ledger.SettleAsync(Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, 0, 7) with { Usage = EveryClass }]), CancellationToken.None);
    }));

    private static Task<BillReport> BillAsync(StorageHost host, BillQuery query) =>
        host.Get<IBillReads>().ReadAsync(query, () => new BillCheck(query, PriceBook.Empty), CancellationToken.None);

    private async Task<int> BehindAsync() =>
        (await database.QueryAsync("SELECT 1 FROM usage_event WHERE sequence > (SELECT sequence FROM window_mark)")).Count;
}
