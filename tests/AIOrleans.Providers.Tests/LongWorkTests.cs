namespace AIOrleans.Providers.Tests;

public sealed class LongWorkTests
{
    [Fact]
    public async Task What_is_short_stays_on_its_thread() => Assert.False(await GoesToPoolAsync(() => LongWork.LeaveFor(1024)));

    [Fact]
    public async Task What_is_long_goes_on_in_the_pool()
    {
        Assert.True(await GoesToPoolAsync(() => LongWork.LeaveFor(1024 * 1024)));
        Assert.True(await GoesToPoolAsync(LongWork.Leave));
    }

    /// <summary>Begins on a thread of its own.</summary>
    private static Task<bool> GoesToPoolAsync(Func<PoolSwitch> leave)
    {
        var wentOn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => _ = LeaveAsync()).Start();
        return wentOn.Task;

        async Task LeaveAsync()
        {
            await leave();
            wentOn.SetResult(Thread.CurrentThread.IsThreadPoolThread);
        }
    }
}
