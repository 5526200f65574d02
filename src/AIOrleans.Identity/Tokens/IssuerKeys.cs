using Microsoft.Extensions.Logging;

namespace AIOrleans.Identity.Tokens;

/// <summary>The keys of one issuer, in memory: read from time to time, and at once when a token names one that is not known, but not more often than strangers may ask.</summary>
/// <remarks>Thread-safe. One read at a time, which all who need it wait for. While reads fail the last keys stay, for a bounded time.</remarks>
/// <param name="name">The issuer, for logs.</param>
/// <param name="readAsync">The text of its key set, in bounded time; throws <see cref="KeysUnavailableException"/>.</param>
internal sealed class IssuerKeys(string name, Func<CancellationToken, Task<string>> readAsync, JwtOptions options, TimeProvider time, ILogger logger)
{
    private readonly Lock gate = new();
    private volatile Known? known;
    private Task reading = Task.CompletedTask;
    private long? readStamp;
    private bool isAway;

    /// <summary>What counts now; null where nothing was ever read, or nothing for too long.</summary>
    public KeySet? Current => known is { } last && time.GetElapsedTime(last.Stamp) <= options.KeysAgeMax ? last.Keys : null;

    /// <summary>The keys, with those of <paramref name="token"/> if its issuer has them; null while it cannot be asked.</summary>
    public async ValueTask<KeySet?> WithKeysOfAsync(UnverifiedToken token, CancellationToken cancellationToken)
    {
        if (Current is { } keys && keys.For(token).Count > 0)
        {
            return keys;
        }

        await ReadingUnlessRecent().WaitAsync(cancellationToken);
        return Current;
    }

    /// <summary>Reads the keys now, unless somebody does. A failure is logged, and no exception.</summary>
    public Task RefreshAsync()
    {
        lock (gate)
        {
            return reading.IsCompleted ? Begin() : reading;
        }
    }

    private Task ReadingUnlessRecent()
    {
        lock (gate)
        {
            return !reading.IsCompleted ? reading
                : readStamp is { } stamp && time.GetElapsedTime(stamp) < options.KeysRefreshMin ? Task.CompletedTask
                : Begin();
        }
    }

    private Task Begin()
    {
        readStamp = time.GetTimestamp();
        return reading = ReadAsync(readStamp.Value);
    }

    // Its end is nobody's: a caller who leaves must not take the keys from the others.
    private async Task ReadAsync(long stamp)
    {
        await Task.Yield();
        try
        {
            string json = await readAsync(CancellationToken.None);
            KeySet? before = known?.Keys;

            // Whatever was verified with the keys that were, and are still, stays verified.
            KeySet now = before?.Json == json ? before : KeySet.Read(json);
            known = new Known(now, stamp);
            if (now != before || isAway)
            {
                IdentityLog.KeysRead(logger, name, now.Count);
            }

            isAway = false;
        }
        catch (Exception exception) when (exception is KeysUnavailableException or FormatException)
        {
            if (!isAway)
            {
                IdentityLog.KeysUnavailable(logger, name, exception.Message);
            }

            isAway = true;
        }
    }

    /// <param name="Stamp">When the read of them began.</param>
    private sealed record Known(KeySet Keys, long Stamp);
}
