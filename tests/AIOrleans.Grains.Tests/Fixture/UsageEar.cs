using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Ledger;
using AIOrleans.Testing;
using Orleans;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>What was heard on the stream <c>usage</c>.</summary>
public sealed class UsageEar
{
    private readonly Lock gate = new();
    private readonly List<UsageEvent> heard = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> waiters = [];

    public IReadOnlyList<UsageEvent> Heard
    {
        get
        {
            lock (gate)
            {
                return [.. heard];
            }
        }
    }

    /// <summary>Completes when so many events have been heard.</summary>
    public Task WhenAsync(int count)
    {
        lock (gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((count, reached));
            Tell();
            return reached.Task.WaitAsync(LedgerStop.Patience);
        }
    }

    internal void Hear(UsageEvent usage)
    {
        lock (gate)
        {
            heard.Add(usage);
            Tell();
        }
    }

    private void Tell() => waiters.RemoveAll(waiter => waiter.Count <= heard.Count && waiter.Reached.TrySetResult());
}

/// <summary>Listens beside the product's own readers. Key: the tenant.</summary>
public interface IUsageEarGrain : IGrainWithStringKey;

/// <inheritdoc/>
[ImplicitStreamSubscription(UsageStream.Namespace)]
internal sealed class UsageEarGrain(UsageEar ear) : Grain, IUsageEarGrain, IAsyncObserver<UsageEvent>, IStreamSubscriptionObserver
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<UsageEvent>().ResumeAsync(this);

    public Task OnNextAsync(UsageEvent item, StreamSequenceToken? token = null)
    {
        ear.Hear(item);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
