using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity;

/// <summary>How far a change got before it was acknowledged.</summary>
/// <param name="Version">What is in force on every process that serves.</param>
/// <param name="Unconfirmed">Names of processes that did not say so, and refuse calls until they know, or have died of late; empty when all did.</param>
public sealed record Spread(StoreVersion Version, IReadOnlyList<string> Unconfirmed);

/// <summary>Waits until what was written here is in force everywhere: only then may it be acknowledged.</summary>
/// <remarks>Thread-safe. It is in force where a process has told the store that it knows it, and where one has been silent for so long that it refuses calls.</remarks>
public sealed class ChangeSpread(
    ISiloStore silos, ISiloFacts facts, LiveDirectory directory, LivePrices prices, IOptions<DirectoryOptions> options, TimeProvider time, ILogger<ChangeSpread> logger)
{
    private const string Unknown = "unknown";

    /// <summary>Who has been silent for longer is dead rather than cut off, and of no interest.</summary>
    private static readonly TimeSpan NamedMax = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for everything that this process knows now, at most for as long as a process may be silent and serve.</summary>
    /// <param name="cancellationToken">Ends the wait, and undoes nothing.</param>
    public async Task<Spread> AwaitAsync(CancellationToken cancellationToken)
    {
        var version = new StoreVersion(directory.Current.Revision, prices.Current.Sequence);
        if (!silos.IsShared)
        {
            return new Spread(version, []);
        }

        long startedStamp = time.GetTimestamp();
        TimeSpan patience = options.Value.StaleAfter + SeenSilo.Margin;
        IReadOnlyList<SeenSilo>? behind = null;
        for (TimeSpan pause = PauseMin; ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            TimeSpan left = patience - time.GetElapsedTime(startedStamp);
            behind = left > TimeSpan.Zero && await TryReadBehindAsync(version, left, cancellationToken) is { } read ? read : behind;
            if (behind is not null)
            {
                patience = behind.Where(seen => seen.MayServe).Select(seen => seen.Silo.StaleAfter + SeenSilo.Margin).Append(patience).Max();
            }

            left = patience - time.GetElapsedTime(startedStamp);
            if (left <= TimeSpan.Zero || behind?.Any(seen => seen.MayServe) == false)
            {
                return Done(version, behind?.Where(seen => seen.SilentFor <= NamedMax).Select(seen => seen.Silo.Name) ?? [Unknown]);
            }

            await Task.Delay(pause < left ? pause : left, time, cancellationToken);
        }
    }

    /// <summary>The other processes that have not confirmed <paramref name="version"/>; null when the store does not say.</summary>
    private async Task<IReadOnlyList<SeenSilo>?> TryReadBehindAsync(StoreVersion version, TimeSpan waitMax, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<SeenSilo> seen = await silos.ReadAsync(cancellationToken).WaitAsync(waitMax, time, cancellationToken);
            return [.. seen.Where(other => other.Silo.InstanceId != facts.InstanceId && !other.Silo.Known.Covers(version))];
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException)
        {
            return null;
        }
    }

    private Spread Done(StoreVersion version, IEnumerable<string> names)
    {
        string[] unconfirmed = [.. names];
        if (unconfirmed.Length > 0)
        {
            IdentityLog.Unconfirmed(logger, version.Directory, string.Join(", ", unconfirmed));
        }

        return new Spread(version, unconfirmed);
    }
}
