using System.Runtime.CompilerServices;

namespace AIOrleans.Providers;

/// <summary>What takes long leaves the thread that reads sockets, because other calls wait for it there.</summary>
public static class LongWork
{
    /// <summary>Bodies from here on take a millisecond and more to translate; to change threads takes a hundredth of it.</summary>
    private const int LongBytesMin = 128 * 1024;

    /// <summary>Goes on in the thread pool.</summary>
    public static PoolSwitch Leave() => new(isWanted: true);

    /// <summary>Goes on in the thread pool when so many bytes are about to be read.</summary>
    public static PoolSwitch LeaveFor(int bytes) => new(bytes >= LongBytesMin);
}

/// <summary>Awaited, it goes on in the thread pool where that is wanted, and at once where not. Allocates nothing of its own.</summary>
public readonly struct PoolSwitch(bool isWanted) : ICriticalNotifyCompletion
{
    public bool IsCompleted => !isWanted;

    public PoolSwitch GetAwaiter() => this;

    public void GetResult()
    {
        // There is no result.
    }

    public void OnCompleted(Action continuation) => Task.Yield().GetAwaiter().OnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => Task.Yield().GetAwaiter().UnsafeOnCompleted(continuation);
}
