namespace AIOrleans.Identity.Tests;

public sealed class ChangeSpreadTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TickingClock clock = new();
    private readonly MemoryStore store = new();
    private readonly MemorySilos silos;
    private readonly FollowingProcess writer;
    private readonly FollowingProcess other;

    public ChangeSpreadTests()
    {
        silos = new MemorySilos(store, clock);
        writer = new FollowingProcess("writer", store, silos, clock);
        other = new FollowingProcess("other", store, silos, clock);
    }

    public void Dispose()
    {
        writer.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task A_change_is_acknowledged_when_every_process_that_serves_knows_it()
    {
        await BothServeAsync();
        await writer.WriteAsync("a");
        Task<Spread> spreading = writer.Spread.AwaitAsync(None);
        Assert.False(spreading.IsCompleted);

        await other.LookAsync();
        Spread spread = await TickUntilAsync(spreading);

        Assert.Equal((1, 0), (spread.Version.Directory, spread.Unconfirmed.Count));
        Assert.Equal(["a"], other.Directory.Current.Admins.Keys);
    }

    [Fact]
    public async Task A_process_that_hears_nothing_refuses_by_the_time_it_is_not_waited_for_any_more()
    {
        await BothServeAsync();
        await writer.WriteAsync("a");
        DateTimeOffset begunAt = clock.GetUtcNow();

        Spread spread = await TickUntilAsync(writer.Spread.AwaitAsync(None), () => Assert.True(clock.GetUtcNow() - begunAt < TimeSpan.FromSeconds(6)));

        Assert.Equal(["other"], spread.Unconfirmed);
        Assert.True(other.Freshness.IsStale);
    }

    [Fact]
    public async Task A_process_that_tells_that_it_lives_and_not_that_it_knows_is_waited_for_as_long()
    {
        await BothServeAsync();
        await writer.WriteAsync("a");
        store.IsUnreachable = true;

        Spread spread = await TickUntilAsync(writer.Spread.AwaitAsync(None), () => _ = other.LookAsync());

        Assert.Equal(["other"], spread.Unconfirmed);
        Assert.True(other.Freshness.IsStale);
    }

    [Fact]
    public async Task Nobody_waits_for_a_process_that_died_before()
    {
        await BothServeAsync();
        clock.Advance(TimeSpan.FromSeconds(6));
        await writer.LookAsync();
        await writer.WriteAsync("a");

        Task<Spread> spreading = writer.Spread.AwaitAsync(None);

        Assert.True(spreading.IsCompleted);
        Assert.Equal(["other"], (await spreading).Unconfirmed);
    }

    [Fact]
    public async Task A_process_that_died_long_ago_is_not_even_named()
    {
        await BothServeAsync();
        clock.Advance(TimeSpan.FromSeconds(61));
        await writer.LookAsync();
        await writer.WriteAsync("a");

        Assert.Empty((await writer.Spread.AwaitAsync(None)).Unconfirmed);
    }

    [Fact]
    public async Task Nobody_waits_for_a_process_that_leaves_meanwhile()
    {
        await BothServeAsync();
        await writer.WriteAsync("a");
        Task<Spread> spreading = writer.Spread.AwaitAsync(None);

        await other.Follower.LeaveAsync(None);

        Assert.Empty((await TickUntilAsync(spreading)).Unconfirmed);
        Assert.True(other.Freshness.IsStale);
    }

    [Fact]
    public async Task While_the_store_does_not_say_the_whole_limit_is_waited()
    {
        await BothServeAsync();
        await writer.WriteAsync("a");
        silos.IsUnreachable = true;
        DateTimeOffset begunAt = clock.GetUtcNow();

        Spread spread = await TickUntilAsync(writer.Spread.AwaitAsync(None));

        Assert.Equal(["unknown"], spread.Unconfirmed);
        Assert.True(clock.GetUtcNow() - begunAt >= TimeSpan.FromSeconds(5));
        Assert.True(other.Freshness.IsStale);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_wait_and_not_the_change()
    {
        await BothServeAsync();
        await writer.WriteAsync("a");
        using var gone = new CancellationTokenSource();
        Task<Spread> spreading = writer.Spread.AwaitAsync(gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => spreading);
        await other.LookAsync();
        Assert.Equal(["a"], other.Directory.Current.Admins.Keys);
    }

    [Fact]
    public async Task A_process_without_others_waits_for_nothing()
    {
        silos.IsShared = false;
        using var alone = new FollowingProcess("alone", store, silos, clock);
        await alone.WriteAsync("a");

        Assert.Equal((1, 0), (await alone.Spread.AwaitAsync(None)) is { } spread ? (spread.Version.Directory, spread.Unconfirmed.Count) : default);
    }

    private async Task BothServeAsync()
    {
        await writer.LookAsync();
        await other.LookAsync();
    }

    private async Task<Spread> TickUntilAsync(Task<Spread> spreading, Action? each = null)
    {
        while (!spreading.IsCompleted)
        {
            int before = silos.Reads;
            clock.Advance(TimeSpan.FromMilliseconds(50));
            each?.Invoke();
            while (silos.Reads == before && !spreading.IsCompleted)
            {
                // The wait goes on on another thread, and reads again or ends.
                await Task.Yield();
            }
        }

        return await spreading;
    }
}
