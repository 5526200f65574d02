using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Flow;

/// <summary>Decides how long a provider call outlives its client: a whole answer long enough, usually, to learn what it cost; a stream, which is counted as it comes, and a file, whose cost is known before, not at all.</summary>
internal sealed class AbortDrain(InFlight inFlight, IOptions<GatewayOptions> options, TimeProvider time)
{
    private readonly TimeSpan wholeDrain = TimeSpan.FromSeconds(options.Value.AbortDrainSeconds);
    private readonly TimeSpan streamDrain = TimeSpan.FromSeconds(options.Value.StreamAbortDrainSeconds);

    /// <summary>A token for the provider call: cancelled some time after the client left, and at once when the gateway must stop.</summary>
    /// <remarks>A call with an <c>Idempotency-Key</c> goes on while any client listens, and its own patience after the last one.</remarks>
    public UpstreamLifetime Begin(Exchange exchange) => exchange.Lead is { } lead
        ? new(TimeSpan.Zero, lead.Recording.Audience.Abandoned, inFlight.Cut, time)
        : new(exchange.Request is { Stream: true } or { HasBytesAnswer: true } ? streamDrain : wholeDrain, exchange.Http.RequestAborted, inFlight.Cut, time);
}

/// <summary>How long one request may keep its provider calls running.</summary>
internal sealed class UpstreamLifetime : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration onClientGone;
    private readonly CancellationTokenRegistration onCut;

    public UpstreamLifetime(TimeSpan drain, CancellationToken clientGone, CancellationToken cut, TimeProvider time)
    {
        source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        onClientGone = clientGone.UnsafeRegister(static state => ((Action)state!)(), () => source.CancelAfter(drain)); // ! Passed here.
        onCut = cut.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source); // ! Passed here.
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        onClientGone.Dispose();
        onCut.Dispose();
        source.Dispose();
    }
}
