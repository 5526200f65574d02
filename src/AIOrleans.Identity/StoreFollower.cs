using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using AIOrleans.Identity.Telemetry;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity;

/// <summary>Looks for changes in the store, takes them over, and tells the store so: whoever made a change waits for that.</summary>
/// <remarks>
/// For one user at a time. A look is one statement. What is told is what was known before; so when the telling has succeeded, others may count on it,
/// and <see cref="DirectoryFreshness"/> counts from before that was read. See docs/adr/0014.
/// </remarks>
internal sealed class StoreFollower(
    LiveDirectory directory, LivePrices prices, ISiloStore silos, ISiloFacts facts, DirectoryFreshness freshness, DirectoryAge age, IOptions<DirectoryOptions> options,
    TimeProvider time)
{
    /// <summary>Reads of one look: while others write without a pause, the next look goes on.</summary>
    private const int RoundsMax = 10;

    private readonly DirectoryOptions options = options.Value;
    private StoreVersion? told;
    private long toldStamp;

    /// <summary>Before <see cref="Known"/> was read; null before the first read.</summary>
    private long? knownStamp;

    private StoreVersion Known => new(directory.Current.Revision, prices.Current.Sequence);

    /// <exception cref="StoreUnavailableException">What was known stays.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        for (int round = 0; round < RoundsMax; round++)
        {
            long stamp = time.GetTimestamp();
            StoreVersion known = Known;
            StoreVersion newest = await AskAsync(known, stamp, cancellationToken);
            if (known.Covers(newest))
            {
                knownStamp = stamp;
                age.Note();
                NoteIfTold(known);
                return;
            }

            NoteIfTold(known);
            stamp = time.GetTimestamp();

            // Prices first: an alias must not appear before the list that it is priced by.
            await prices.RefreshAsync(cancellationToken);
            await directory.RefreshAsync(cancellationToken);
            knownStamp = stamp;
        }
    }

    /// <summary>Takes this process from the list, once it serves nobody any more.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        freshness.End();
        if (silos.IsShared)
        {
            await silos.LeaveAsync(facts.InstanceId, cancellationToken);
        }
    }

    private async Task<StoreVersion> AskAsync(StoreVersion known, long stamp, CancellationToken cancellationToken)
    {
        if (told == known && !(silos.IsShared && time.GetElapsedTime(toldStamp, stamp) >= options.BeatPeriod))
        {
            return await silos.ReadNewestAsync(cancellationToken);
        }

        StoreVersion newest = await silos.BeatAsync(facts.Describe() with { Known = known, StaleAfter = options.StaleAfter }, cancellationToken);
        (told, toldStamp) = (known, stamp);
        return newest;
    }

    /// <summary>Counts as heard only while the row is young: others do not wait for one that is old.</summary>
    private void NoteIfTold(StoreVersion known)
    {
        if (told == known && knownStamp is { } stamp)
        {
            freshness.Heard(Math.Min(stamp, toldStamp));
        }
    }
}
