using Microsoft.Extensions.DependencyInjection;
using Orleans.Compat.Calls;
using Orleans.Compat.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Compat.Activations;

/// <summary>One living instance of a grain: its identity, its turns, its calls and its life.</summary>
/// <remarks>
/// It is its own synchronization context, so that what its code awaits continues as a turn of it. Thread-safe; the grain instance
/// inside is guarded by the turns. <c>Activation.Turns</c> runs turns one at a time, <c>Activation.Calls</c> decides which call may
/// start, <c>Activation.Life</c> activates and deactivates.
/// </remarks>
internal sealed partial class Activation : SynchronizationContext, IGrainContext
{
    private readonly Lock gate = new();
    private ActivationExtras? extras;
    private AsyncServiceScope? scope;

    internal Activation(Silo silo, GrainClass grainClass, IdSpan key, StatelessWorkers? workers)
    {
        Silo = silo;
        Class = grainClass;
        Key = key;
        Workers = workers;
        word = TurnWord.Gated;
        isTurnHeld = true;
        lastUsedQuantum = silo.Quantum;
    }

    /// <summary>The activation whose turn the current thread runs, or null.</summary>
    internal static new Activation? Current => SynchronizationContext.Current as Activation;

    internal Silo Silo { get; }

    internal GrainClass Class { get; }

    internal IdSpan Key { get; }

    /// <summary>The pool it belongs to when it is a stateless worker.</summary>
    internal StatelessWorkers? Workers { get; }

    public GrainId GrainId => new(Class.Type, Key);

    /// <summary>Null until the constructor has returned; set once, by the first turn.</summary>
    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => Silo.Factory.ReferenceTo(GrainId);

    public Task Deactivated
    {
        get
        {
            TaskCompletionSource done = Extras.Deactivated;
            lock (gate)
            {
                if (life == Life.Gone)
                {
                    // It went before anybody asked, and found nobody to tell.
                    done.TrySetResult();
                }
            }

            return done.Task;
        }
    }

    // Made on demand: most grains get by with the services that their constructor took, and a scope costs more than the rest of an activation.
    public IServiceProvider ActivationServices
    {
        get
        {
            lock (gate)
            {
                scope ??= Silo.Services.CreateAsyncScope();
                return scope.Value.ServiceProvider;
            }
        }
    }

    /// <summary>Timers, observers and the like, of which most activations have none.</summary>
    internal ActivationExtras Extras => extras ?? Interlocked.CompareExchange(ref extras, new ActivationExtras(), null) ?? extras;

    /// <summary>Does a filter want to see the calls?</summary>
    internal bool IsFiltered => Silo.Filters.Count > 0 || GrainInstance is IIncomingGrainCallFilter;

    /// <summary>May a proxy run a call without making an object of it? Not when a filter or predicate wants to see the call.</summary>
    internal bool IsInlineAllowed { get; private set; }

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    /// <summary>Looks at a call that has ended: one that found its state changed by somebody else ends the activation.</summary>
    /// <param name="call">Null for a call without an object.</param>
    internal void Observe(Call? call, Task task)
    {
        if (!task.IsFaulted)
        {
            return;
        }

        // ! A faulted task has an exception.
        Exception exception = task.Exception!.InnerExceptions[0];
        if (exception is InconsistentStateException { IsSourceActivation: true } inconsistent)
        {
            inconsistent.IsSourceActivation = false;
            Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, inconsistent.Message));
        }

        if (call is not null && call.Method.Traits.HasFlag(CallTraits.OneWay))
        {
            Silo.Log.OneWayFailed(GrainId, call.Method.Name, exception);
        }
    }

    public override string ToString() => $"activation of {GrainId}";

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Queues a turn.</summary>
    public override void Post(SendOrPostCallback d, object? state) => Enqueue(new PostedTurn(d, state));

    /// <exception cref="NotSupportedException">Always: waiting for a turn blocks a thread.</exception>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Grain code does not block: await instead.");
}
