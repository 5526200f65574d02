using Orleans.Runtime;

namespace Orleans.Compat.Calls;

/// <summary>Where a call stands in <see cref="PendingCalls"/>. Guarded by the stripe's gate.</summary>
internal struct PendingSlot
{
    internal Call? Previous { get; set; }

    internal Call? Next { get; set; }

    internal bool IsLinked { get; set; }

    /// <summary>Timestamp after which the caller has waited long enough.</summary>
    internal long DeadlineAt { get; set; }
}

/// <summary>The calls that somebody waits for. One sweep ends those that wait too long, so that no call needs a timer of its own.</summary>
/// <remarks>Thread-safe. Holds exactly the calls under way; calls that complete at once never get here.</remarks>
internal sealed class PendingCalls : IDisposable
{
    /// <summary>Lists with a gate each, so that callers on several cores do not meet. A power of two.</summary>
    private const int StripeCount = 16;

    private readonly Stripe[] stripes = [.. Enumerable.Range(0, StripeCount).Select(static _ => new Stripe())];
    private readonly TimeProvider time;
    private readonly TimeSpan timeout;
    private readonly long periodTicks;
    private readonly ITimer sweep;
    private long now;

    /// <param name="timeout">How long callers wait for methods that do not say it themselves.</param>
    internal PendingCalls(TimeProvider time, TimeSpan timeout)
    {
        this.time = time;
        this.timeout = timeout;
        TimeSpan period = TimeSpan.FromMilliseconds(Math.Clamp(timeout.TotalMilliseconds / 20, 20, 500));
        periodTicks = TicksOf(period);
        now = time.GetTimestamp();
        sweep = time.CreateTimer(static pending => ((PendingCalls?)pending)?.Sweep(), this, period, period);
    }

    /// <summary>Calls somebody waits for at this moment.</summary>
    internal int Count => stripes.Sum(static stripe => stripe.Count);

    /// <summary>Adds the call unless it has been answered meanwhile.</summary>
    internal void Add(Call call)
    {
        Stripe stripe = StripeOf(call);
        lock (stripe)
        {
            if (call.IsAnswered || call.Pending.IsLinked)
            {
                return;
            }

            // The clock is read once per sweep only, so it may be one period behind.
            call.Pending.DeadlineAt = Volatile.Read(ref now) + periodTicks + TicksOf(call.Method.Timeout ?? timeout);
            call.Pending.IsLinked = true;
            call.Pending.Next = stripe.Head;
            if (stripe.Head is { } head)
            {
                head.Pending.Previous = call;
            }

            stripe.Head = call;
            stripe.Count++;
        }
    }

    /// <summary>Takes an answered call out; does nothing when it is not in.</summary>
    internal void Remove(Call call)
    {
        Stripe stripe = StripeOf(call);
        lock (stripe)
        {
            if (!call.Pending.IsLinked)
            {
                return;
            }

            (Call? previous, Call? next) = (call.Pending.Previous, call.Pending.Next);
            if (previous is null)
            {
                stripe.Head = next;
            }
            else
            {
                previous.Pending.Next = next;
            }

            if (next is not null)
            {
                next.Pending.Previous = previous;
            }

            call.Pending = default;
            stripe.Count--;
        }
    }

    /// <summary>Ends every call with the same error: the silo is stopping.</summary>
    internal void FailAll(string why)
    {
        foreach (Call call in Where(static _ => true))
        {
            call.Fail(new SiloUnavailableException($"{why} The call was {call}."));
        }
    }

    public void Dispose() => sweep.Dispose();

    private void Sweep()
    {
        long current = time.GetTimestamp();
        Volatile.Write(ref now, current);
        foreach (Call call in Where(call => call.Pending.DeadlineAt < current))
        {
            TimeSpan waited = call.Method.Timeout ?? timeout;
            call.Fail(new TimeoutException($"Response did not arrive on time in {waited} for message: {call}. The grain is busy with other calls, waits "
                + "for one that waits for it, or works longer than the timeout."));
        }
    }

    private List<Call> Where(Func<Call, bool> isWanted)
    {
        List<Call> found = [];
        foreach (Stripe stripe in stripes)
        {
            lock (stripe)
            {
                for (Call? call = stripe.Head; call is not null; call = call.Pending.Next)
                {
                    if (isWanted(call))
                    {
                        found.Add(call);
                    }
                }
            }
        }

        return found;
    }

    private Stripe StripeOf(Call call) => stripes[System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(call) & (StripeCount - 1)];

    private long TicksOf(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed class Stripe
    {
        internal Call? Head { get; set; }

        internal int Count { get; set; }
    }
}
