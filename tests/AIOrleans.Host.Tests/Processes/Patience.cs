namespace AIOrleans.Host.Tests.Processes;

/// <summary>Waits for what will be seen soon, by looking; generous, because the machine may be busy, and over at once when it is seen.</summary>
internal static class Patience
{
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks until <paramref name="look"/> sees something.</summary>
    /// <param name="what">Completes "Waited in vain until …".</param>
    public static async Task<T> UntilAsync<T>(string what, Func<Task<T?>> look)
        where T : class
    {
        long startedStamp = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(startedStamp) < Max)
        {
            if (await look() is { } seen)
            {
                return seen;
            }

            await Task.Delay(Period, TimeProvider.System);
        }

        throw new TimeoutException($"Waited in vain until {what}.");
    }

    /// <summary>Looks until <paramref name="look"/> is true.</summary>
    public static Task UntilAsync(string what, Func<Task<bool>> look) => UntilAsync<object>(what, async () => await look() ? look : null);
}
