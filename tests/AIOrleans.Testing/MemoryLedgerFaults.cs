using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;

namespace AIOrleans.Testing;

/// <summary>The calls of <see cref="ILedger"/>.</summary>
public enum LedgerCall
{
    Load,
    Hold,
    Extend,
    Settle,
    Renew,
    ReadExpired,
    ReadReplaced,
    ReadEvents,
}

/// <summary>The script of a <see cref="MemoryLedger"/>: what fails, what waits, and who is told when a call has ended.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class MemoryLedgerFaults
{
    private readonly Lock gate = new();
    private readonly Dictionary<LedgerCall, int> refusals = [];
    private readonly Dictionary<LedgerCall, int> lostAnswers = [];
    private readonly Dictionary<LedgerCall, LedgerStop> stops = [];
    private readonly Dictionary<LedgerCall, int> counts = [];
    private readonly List<(LedgerCall Call, int Count, TaskCompletionSource Reached)> waiters = [];
    private readonly HashSet<HoldId> rejected = [];
    private volatile bool isAway;

    /// <summary>True: every call fails, nothing is written.</summary>
    public bool IsAway
    {
        get => isAway;
        set => isAway = value;
    }

    /// <summary>The next <paramref name="count"/> calls of that kind fail, nothing is written.</summary>
    public void Refuse(LedgerCall call, int count = 1) => Set(refusals, call, count);

    /// <summary>The next <paramref name="count"/> calls of that kind are written, and their callers told that they failed.</summary>
    public void LoseAnswers(LedgerCall call, int count = 1) => Set(lostAnswers, call, count);

    /// <summary>Settlements of <paramref name="hold"/> are refused for what they are, as a database refuses a row that breaks a rule.</summary>
    public void Reject(HoldId hold)
    {
        lock (gate)
        {
            rejected.Add(hold);
        }
    }

    /// <summary>From now on everything succeeds.</summary>
    public void End()
    {
        lock (gate)
        {
            refusals.Clear();
            lostAnswers.Clear();
            rejected.Clear();
            stops.Clear();
            isAway = false;
        }
    }

    /// <summary>Calls of that kind wait, before they do anything, until the stop is released.</summary>
    public LedgerStop Stop(LedgerCall call)
    {
        var stop = new LedgerStop();
        lock (gate)
        {
            stops[call] = stop;
        }

        return stop;
    }

    /// <summary>How many calls of that kind have done their work.</summary>
    public int CountOf(LedgerCall call)
    {
        lock (gate)
        {
            return counts.GetValueOrDefault(call);
        }
    }

    /// <summary>Completes when so many calls of that kind have done their work since the beginning.</summary>
    public Task WhenAsync(LedgerCall call, int count)
    {
        lock (gate)
        {
            if (counts.GetValueOrDefault(call) >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((call, count, reached));
            return reached.Task.WaitAsync(LedgerStop.Patience);
        }
    }

    internal async Task BeforeAsync(LedgerCall call)
    {
        LedgerStop? stop;
        lock (gate)
        {
            stop = stops.GetValueOrDefault(call);
        }

        await (stop?.PassAsync() ?? Task.CompletedTask);
        if (isAway || Take(refusals, call))
        {
            throw new StoreUnavailableException("The test says that the ledger is away.");
        }
    }

    internal void ThrowIfRejected(HoldId hold)
    {
        lock (gate)
        {
            if (rejected.Contains(hold))
            {
                throw new ArgumentException("The test says that the ledger refuses this settlement.", nameof(hold));
            }
        }
    }

    internal void After(LedgerCall call)
    {
        lock (gate)
        {
            int count = counts[call] = counts.GetValueOrDefault(call) + 1;
            waiters.RemoveAll(waiter => waiter.Call == call && waiter.Count <= count && waiter.Reached.TrySetResult());
        }

        if (Take(lostAnswers, call))
        {
            throw new StoreUnavailableException("The test says that the answer is lost.");
        }
    }

    private void Set(Dictionary<LedgerCall, int> script, LedgerCall call, int count)
    {
        lock (gate)
        {
            script[call] = count;
        }
    }

    private bool Take(Dictionary<LedgerCall, int> script, LedgerCall call)
    {
        lock (gate)
        {
            int left = script.GetValueOrDefault(call);
            script[call] = Math.Max(left - 1, 0);
            return left > 0;
        }
    }
}

/// <summary>Where calls wait until the test lets them go on.</summary>
public sealed class LedgerStop
{
    /// <summary>Far longer than anything takes; only a hang gets here.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first call waits here.</summary>
    public Task Reached => reached.Task.WaitAsync(Patience);

    /// <summary>Lets all calls go on, those to come too.</summary>
    public void Release() => released.TrySetResult();

    internal Task PassAsync()
    {
        reached.TrySetResult();
        return released.Task;
    }
}
