using AIOrleans.Core.Directory;

namespace AIOrleans.Providers.Http;

/// <summary>What an attempt is waiting for; each wait has its own bound.</summary>
internal enum AttemptStage
{
    Connecting,
    FirstByte,
    Reading,
}

/// <summary>Cancels an attempt when one of its waits takes too long, and tells which, or when its caller leaves.</summary>
/// <remarks>One timer for all stages, moved from one to the next; a running stream that nobody waits for is bounded by nothing.</remarks>
internal sealed class AttemptTimer : IDisposable
{
    private readonly ProviderTimeouts timeouts;
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration registration;

    public AttemptTimer(ProviderTimeouts timeouts, TimeProvider time, CancellationToken caller)
    {
        this.timeouts = timeouts;
        this.caller = caller;
        source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        registration = Link(source, caller);
    }

    /// <summary>Cancelled by the caller or by the wait.</summary>
    public CancellationToken Token => source.Token;

    public AttemptStage Stage { get; private set; }

    /// <summary>True from the first byte of the request: from then on the provider may work on it.</summary>
    public bool WasSent { get; private set; }

    /// <summary>Begins the wait of <paramref name="stage"/>.</summary>
    public void Enter(AttemptStage stage)
    {
        Stage = stage;
        WasSent |= stage != AttemptStage.Connecting;
        source.CancelAfter(LimitOf(stage));
    }

    /// <summary>Nobody waits.</summary>
    public void Rest() => source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>How long <paramref name="stage"/> may take.</summary>
    public TimeSpan LimitOf(AttemptStage stage) => stage switch
    {
        AttemptStage.Connecting => timeouts.Connect,
        AttemptStage.FirstByte => timeouts.FirstByte,
        _ => timeouts.Idle,
    };

    /// <summary>Also listens to <paramref name="cancellationToken"/>, as long as the registration lives.</summary>
    public CancellationTokenRegistration Link(CancellationToken cancellationToken) =>
        cancellationToken == caller ? default : Link(source, cancellationToken);

    /// <summary>True when <paramref name="exception"/> is the caller's cancellation and not a wait that took too long.</summary>
    public bool IsCancelledBy(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException or IOException or HttpRequestException
        && (caller.IsCancellationRequested || cancellationToken.IsCancellationRequested);

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }

    private static CancellationTokenRegistration Link(CancellationTokenSource source, CancellationToken cancellationToken) =>
        // ! The state is the source.
        cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
}
