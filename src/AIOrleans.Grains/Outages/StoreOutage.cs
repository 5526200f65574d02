using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Outages;

/// <summary>Whether this silo has found the ledger away, as far as journaling is concerned: from the first call that was journaled for it until all is replayed.</summary>
/// <remarks>Thread-safe. Where no account allows journaling an outage never begins here: every call asks the ledger and is refused by itself.</remarks>
internal sealed class StoreOutage(TimeProvider time, ILogger<StoreOutage> logger)
{
    private readonly Lock gate = new();
    private readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool isAway;
    private DateTimeOffset beganAt;
    private long journaledCount;
    private long refusedCount;
    private long journaledBefore;
    private long refusedBefore;

    /// <summary>Calls that were journaled since this process began.</summary>
    public long Journaled => Total(ref journaledBefore, ref journaledCount);

    /// <summary>Calls that were refused in outages since this process began.</summary>
    public long Refused => Total(ref refusedBefore, ref refusedCount);

    public bool IsAway => isAway;

    /// <summary>Told whenever there may be something to replay.</summary>
    public ChannelReader<bool> Wakes => wakes.Reader;

    /// <summary>The ledger was found away.</summary>
    public void Begin(string reason)
    {
        lock (gate)
        {
            if (!isAway)
            {
                isAway = true;
                beganAt = time.GetUtcNow();
                OutageLog.Began(logger, reason);
            }
        }

        Wake();
    }

    public void Wake() => wakes.Writer.TryWrite(true);

    public void CountJournaled() => Interlocked.Increment(ref journaledCount);

    public void CountRefused() => Interlocked.Increment(ref refusedCount);

    /// <summary>The ledger answers, and has what the journal had.</summary>
    public void End()
    {
        lock (gate)
        {
            if (isAway)
            {
                isAway = false;
                long journaled = Interlocked.Exchange(ref journaledCount, 0);
                long refused = Interlocked.Exchange(ref refusedCount, 0);
                journaledBefore += journaled;
                refusedBefore += refused;
                OutageLog.Ended(logger, (long)(time.GetUtcNow() - beganAt).TotalSeconds, journaled, refused);
            }
        }
    }

    private long Total(ref long before, ref long now)
    {
        lock (gate)
        {
            return before + Volatile.Read(ref now);
        }
    }
}
