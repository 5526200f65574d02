using Orleans.Compat.Activations;
using Orleans.Compat.Calls;
using Orleans.Runtime;

namespace Orleans.Compat.Timers;

/// <summary>A timer of one activation. Each tick is a call of its own; the next is due a period after the last has ended.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    /// <summary>By <c>KeepAlive</c> twice plus <c>Interleave</c>.</summary>
    private static readonly MethodShape[] Ticks =
    [
        EngineCall.Tick(CallTraits.NoKeepAlive), EngineCall.Tick(CallTraits.NoKeepAlive | CallTraits.Interleave),
        EngineCall.Tick(CallTraits.None), EngineCall.Tick(CallTraits.Interleave),
    ];

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopped = new();
    private readonly MethodShape shape;
    private readonly Activation activation;
    private readonly Func<CancellationToken, Task> callback;
    private ITimer? timer;
    private TimeSpan period;
    private bool isTicking;
    private bool wasChanged;

    private GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        this.activation = activation;
        this.callback = callback;
        period = options.Period;
        shape = Ticks[(options.KeepAlive ? 2 : 0) + (options.Interleave ? 1 : 0)];
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        lock (gate)
        {
            this.period = period;
            wasChanged = isTicking;
            if (!stopped.IsCancellationRequested)
            {
                timer?.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Stops. A tick under way ends by itself, and its token is cancelled.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (stopped.IsCancellationRequested)
            {
                return;
            }

            timer?.Dispose();
        }

        lock (activation.Extras.Timers)
        {
            activation.Extras.Timers.Remove(this);
        }

        stopped.Cancel();
    }

    internal static GrainTimer Start(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Validate(options.DueTime, options.Period);
        GrainTimer made = new(activation, callback, options);
        lock (activation.Extras.Timers)
        {
            activation.Extras.Timers.Add(made);
        }

        lock (made.gate)
        {
            using AsyncFlowControl control = ExecutionContext.SuppressFlow();
            made.timer = activation.Silo.Time.CreateTimer(static timer => ((GrainTimer?)timer)?.BeginTick(), made, options.DueTime, Timeout.InfiniteTimeSpan);
        }

        return made;
    }

    private static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
    }

    private void BeginTick()
    {
        lock (gate)
        {
            if (isTicking || stopped.IsCancellationRequested)
            {
                return;
            }

            isTicking = true;
        }

        // A refusal means that the activation has gone, and the timer with it.
        activation.TryAccept(new DelegateCall(shape, activation.GrainReference, TickAsync), mayRunHere: true);
    }

    private async Task TickAsync(Activation ticked)
    {
        try
        {
            if (!stopped.IsCancellationRequested)
            {
                await callback(stopped.Token);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopped.IsCancellationRequested)
        {
            // The next tick comes all the same.
            ticked.Silo.Log.TimerFailed(ticked.GrainId, exception);
        }
        finally
        {
            lock (gate)
            {
                isTicking = false;
                if (!wasChanged && !stopped.IsCancellationRequested)
                {
                    timer?.Change(period, Timeout.InfiniteTimeSpan);
                }

                wasChanged = false;
            }
        }
    }
}
