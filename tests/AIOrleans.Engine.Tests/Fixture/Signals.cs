using System.Collections.Concurrent;

namespace AIOrleans.Engine.Tests.Fixture;

/// <summary>How a test and the grains in its host tell each other what has happened, so that nobody has to sleep.</summary>
/// <remarks>Thread-safe. Names are the tests' own; a grain usually puts its key in front.</remarks>
public sealed class Signals
{
    /// <summary>Far longer than anything takes; only a hang gets here.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly ConcurrentDictionary<string, Signal> signals = new(StringComparer.Ordinal);

    /// <summary>Counts one more occurrence.</summary>
    public void Raise(string name, object? value = null) => signals.GetOrAdd(name, static _ => new Signal()).Raise(value);

    public int Count(string name) => Values(name).Count;

    /// <summary>What was raised with the occurrences so far, in order.</summary>
    public IReadOnlyList<object?> Values(string name) => signals.GetOrAdd(name, static _ => new Signal()).Values;

    /// <summary>Completes when there have been so many occurrences.</summary>
    public Task WaitAsync(string name, int occurrences = 1) => signals.GetOrAdd(name, static _ => new Signal()).WhenAsync(occurrences).WaitAsync(Patience);

    private sealed class Signal
    {
        private readonly Lock gate = new();
        private readonly List<object?> values = [];
        private readonly List<(int Occurrences, TaskCompletionSource Done)> waiters = [];

        internal IReadOnlyList<object?> Values
        {
            get
            {
                lock (gate)
                {
                    return [.. values];
                }
            }
        }

        internal void Raise(object? value)
        {
            lock (gate)
            {
                values.Add(value);
                foreach ((int occurrences, TaskCompletionSource done) in waiters)
                {
                    if (values.Count >= occurrences)
                    {
                        done.TrySetResult();
                    }
                }
            }
        }

        internal Task WhenAsync(int occurrences)
        {
            lock (gate)
            {
                if (values.Count >= occurrences)
                {
                    return Task.CompletedTask;
                }

                TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
                waiters.Add((occurrences, done));
                return done.Task;
            }
        }
    }
}
