using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;

namespace AIOrleans.Identity.Tests;

public sealed class FreshnessTests : IDisposable
{
    private readonly TickingClock clock = new();
    private readonly MemoryStore store = new();
    private readonly MemorySilos silos;
    private readonly FollowingProcess process;
    private readonly FollowingProcess other;

    public FreshnessTests()
    {
        silos = new MemorySilos(store, clock);
        process = new FollowingProcess("one", store, silos, clock);
        other = new FollowingProcess("two", store, silos, clock);
    }

    public void Dispose()
    {
        process.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task Nothing_counts_as_known_before_the_store_has_been_told_so()
    {
        Assert.True(process.Freshness.IsStale);

        await process.LookAsync();

        Assert.False(process.Freshness.IsStale);
        Assert.Equal(new StoreVersion(0, 0), Assert.Single(await silos.ReadAsync(default)).Silo.Known);
    }

    [Fact]
    public async Task A_process_that_cannot_look_refuses_after_the_limit_and_serves_again_by_itself()
    {
        await process.LookAsync();
        silos.IsUnreachable = true;
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(process.Freshness.IsStale);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<StoreUnavailableException>(process.LookAsync);
        Assert.True(process.Freshness.IsStale);

        silos.IsUnreachable = false;
        await process.LookAsync();
        Assert.False(process.Freshness.IsStale);
    }

    [Fact]
    public async Task A_look_counts_from_before_it_began()
    {
        silos.AfterBeat = () => clock.Advance(TimeSpan.FromSeconds(4));
        await process.LookAsync();
        silos.AfterBeat = null;

        clock.Advance(TimeSpan.FromSeconds(1.001));

        Assert.True(process.Freshness.IsStale);
    }

    [Fact]
    public async Task Looks_that_are_not_told_keep_nothing_fresh_for_longer_than_the_row_is_young()
    {
        await process.LookAsync();
        for (int i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(250));
            await process.LookAsync();
        }

        DateTimeOffset seenAt = Assert.Single(await silos.ReadAsync(default)).SeenAt;
        clock.Advance(seenAt + TimeSpan.FromSeconds(5.001) - clock.GetUtcNow());

        Assert.True(process.Freshness.IsStale);
    }

    [Fact]
    public async Task What_another_process_wrote_is_taken_over_and_told()
    {
        await process.LookAsync();
        await other.WriteAsync("a");

        await process.LookAsync();

        Assert.Equal(["a"], process.Directory.Current.Admins.Keys);
        Assert.Equal(1, Assert.Single(await silos.ReadAsync(default)).Silo.Known.Directory);
    }

    [Fact]
    public async Task A_process_that_knows_less_than_the_store_is_as_fresh_as_what_it_knows()
    {
        await process.LookAsync();
        clock.Advance(TimeSpan.FromSeconds(4));
        await other.WriteAsync("a");
        store.IsUnreachable = true;

        // It tells that it is there, hears that there is more, and cannot read it.
        await Assert.ThrowsAsync<StoreUnavailableException>(process.LookAsync);
        Assert.False(process.Freshness.IsStale);
        clock.Advance(TimeSpan.FromSeconds(1.001));

        Assert.True(process.Freshness.IsStale);
    }

    [Fact]
    public void A_process_that_shares_its_store_with_nobody_is_never_stale()
    {
        silos.IsShared = false;
        using var alone = new FollowingProcess("alone", store, silos, clock);
        clock.Advance(TimeSpan.FromDays(1));

        Assert.False(alone.Freshness.IsStale);
    }
}
