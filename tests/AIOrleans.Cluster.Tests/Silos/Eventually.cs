namespace AIOrleans.Cluster.Tests.Silos;

/// <summary>Waits for what another process or machine will do: there is no event to wait for.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Long enough for a failure detector and a lease on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<T> Async<T>(Func<Task<T>> read, Func<T, bool> isSo, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            T last = await read();
            if (isSo(last))
            {
                return last;
            }

            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds} s for {what}; the last value was {last}.");
            }

            await Task.Delay(Pause);
        }
    }
}
