using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Flow;

/// <summary>Says in two lines what an unreachable ledger refuses, instead of in one for each call.</summary>
/// <remarks>Thread-safe. Calls that only need memory may succeed in the middle of an outage: it is over when none was refused for a while.</remarks>
internal sealed class StoreRefusals(TimeProvider time, ILogger<StoreRefusals> logger)
{
    /// <summary>Without a refusal for so long, the next call that is let through ends the outage.</summary>
    private static readonly TimeSpan QuietMin = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private long count;
    private DateTimeOffset firstAt;
    private DateTimeOffset lastAt;

    /// <summary>A call was refused because the ledger could not be reached.</summary>
    public void Refused(string reason)
    {
        lock (gate)
        {
            lastAt = time.GetUtcNow();
            if (count++ == 0)
            {
                firstAt = lastAt;
                FlowLog.StoreRefuses(logger, reason);
            }
        }
    }

    /// <summary>A call was let through.</summary>
    public void LetThrough()
    {
        if (Volatile.Read(ref count) == 0)
        {
            return;
        }

        lock (gate)
        {
            if (count > 0 && time.GetUtcNow() - lastAt >= QuietMin)
            {
                FlowLog.StoreRefused(logger, count, (long)Math.Ceiling((lastAt - firstAt).TotalSeconds));
                count = 0;
            }
        }
    }
}
