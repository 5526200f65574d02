using AIOrleans.Core.Ports;
using AIOrleans.Providers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Flow;

/// <summary>Counts requests in flight, bounds them, and cuts those that are still running when a stopping gateway has drained long enough.</summary>
internal sealed class InFlight : IQueueDepth, IDisposable
{
    private readonly CancellationTokenSource cut;
    private readonly int max;
    private readonly int inlineMax;
    private int count;

    public InFlight(IHostApplicationLifetime lifetime, IOptions<GatewayOptions> options, TimeProvider time)
    {
        max = options.Value.RequestsInFlightMax;
        inlineMax = options.Value.InlineIo ? Environment.ProcessorCount : int.MaxValue;
        var drain = TimeSpan.FromSeconds(options.Value.DrainSeconds);
        cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Stopping = lifetime.ApplicationStopping;
        Stopping.Register(() => cut.CancelAfter(drain));
    }

    /// <summary>Cancelled as soon as the gateway is asked to stop: what has not begun should begin elsewhere.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Cancelled when running answers must end, because the gateway stops.</summary>
    public CancellationToken Cut => cut.Token;

    /// <summary>As many as may be in flight.</summary>
    public int Max => max;

    public int Count => Volatile.Read(ref count);

    QueuedWork IQueueDepth.Work => QueuedWork.Requests;

    /// <summary>False when the process is full: the caller answers 503.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref count) <= max)
        {
            return true;
        }

        Interlocked.Decrement(ref count);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref count);

    /// <summary>While there are more calls than processors they go on in the thread pool: the threads that read sockets have more to do than one call (<see cref="GatewayOptions.InlineIo"/>).</summary>
    public PoolSwitch Share() => new(isWanted: Count > inlineMax);

    public void Dispose() => cut.Dispose();
}
