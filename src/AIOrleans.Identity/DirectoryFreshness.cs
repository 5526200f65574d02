using AIOrleans.Core.Ports;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity;

/// <summary>How lately this process heard of changes. One that has not for too long serves nobody: a key may have been revoked meanwhile.</summary>
/// <remarks>
/// Thread-safe. Ask after the snapshot was taken that a decision rests on, not before: a process may be stopped for long between the two. Measured
/// by the monotonic clock, from before a look began. Never stale where nobody else can change anything.
/// </remarks>
public sealed class DirectoryFreshness(ISiloStore silos, IOptions<DirectoryOptions> options, TimeProvider time)
{
    private const long Never = long.MinValue;

    private readonly bool isShared = silos.IsShared;
    private readonly TimeSpan staleAfter = options.Value.StaleAfter;
    private long heardStamp = Never;

    /// <summary>True when a change may be in force that this process does not know.</summary>
    public bool IsStale => isShared && (Volatile.Read(ref heardStamp) is var stamp && (stamp == Never || time.GetElapsedTime(stamp) > staleAfter));

    /// <summary>What this process serves by is all that there was at <paramref name="stamp"/>, and the store has been told so.</summary>
    internal void Heard(long stamp) => Volatile.Write(ref heardStamp, stamp);

    /// <summary>From now on the others are not told any more.</summary>
    internal void End() => Volatile.Write(ref heardStamp, Never);
}
