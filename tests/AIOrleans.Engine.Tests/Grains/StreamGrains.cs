using AIOrleans.Engine.Tests.Fixture;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AIOrleans.Engine.Tests.Grains;

/// <summary>What the tests publish.</summary>
[GenerateSerializer]
[Alias("engine.tests.event")]
public sealed record NumberedEvent([property: Id(0)] int Number, [property: Id(1)] string Text);

/// <summary>Takes the events of its own key in a namespace; raises <c>key:namespace</c> with each number.</summary>
public interface IObservingGrain : IGrainWithStringKey
{
    Task EndAsync();
}

/// <summary>Attaches its observer when the first event comes.</summary>
[ImplicitStreamSubscription(Namespace)]
public class ObservingGrain : Grain, IObservingGrain, IStreamSubscriptionObserver, IAsyncObserver<NumberedEvent>
{
    public const string Namespace = "observed";
    private readonly Signals signals;
    private int failures;

    public ObservingGrain(Signals signals) => this.signals = signals;

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<NumberedEvent>().ResumeAsync(this);

    public async Task OnNextAsync(NumberedEvent item, StreamSequenceToken? token = null)
    {
        await Task.Yield();
        if (item.Text == "fail once" && failures++ == 0)
        {
            signals.Raise($"{this.GetPrimaryKeyString()}:failed");
            throw new InvalidOperationException("once");
        }

        signals.Raise($"{this.GetPrimaryKeyString()}:{Namespace}", item.Number);
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

/// <summary>Attaches its observer when it is activated.</summary>
public interface IEagerGrain : IGrainWithStringKey
{
    Task EndAsync();
}

[ImplicitStreamSubscription(Namespace)]
public class EagerGrain : Grain, IEagerGrain
{
    public const string Namespace = "eager";
    private readonly Signals signals;

    public EagerGrain(Signals signals) => this.signals = signals;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string key = this.GetPrimaryKeyString();
        await this.GetStreamProvider(EngineHost.Streams).GetStream<NumberedEvent>(StreamId.Create(Namespace, key)).SubscribeAsync((item, _) =>
        {
            signals.Raise($"{key}:{Namespace}", item.Number);
            return Task.CompletedTask;
        });
    }

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

/// <summary>Subscribes and unsubscribes when told to, to a stream that is not named like it.</summary>
public interface ISubscribingGrain : IGrainWithStringKey
{
    Task SubscribeAsync(string stream);

    Task<int> UnsubscribeAsync(string stream);

    Task PublishAsync(string ns, string stream, int[] numbers);
}

public class SubscribingGrain : Grain, ISubscribingGrain
{
    public const string Namespace = "subscribed";
    private readonly Signals signals;

    public SubscribingGrain(Signals signals) => this.signals = signals;

    public Task SubscribeAsync(string stream)
    {
        string key = this.GetPrimaryKeyString();
        return Stream(Namespace, stream).SubscribeAsync((item, _) =>
        {
            signals.Raise($"{key}:{stream}", item.Number);
            return Task.CompletedTask;
        });
    }

    public async Task<int> UnsubscribeAsync(string stream)
    {
        IList<StreamSubscriptionHandle<NumberedEvent>> handles = await Stream(Namespace, stream).GetAllSubscriptionHandles();
        foreach (StreamSubscriptionHandle<NumberedEvent> handle in handles)
        {
            await handle.UnsubscribeAsync();
        }

        return handles.Count;
    }

    public async Task PublishAsync(string ns, string stream, int[] numbers)
    {
        foreach (int number in numbers)
        {
            await Stream(ns, stream).OnNextAsync(new NumberedEvent(number, "from a grain"));
        }
    }

    private IAsyncStream<NumberedEvent> Stream(string ns, string stream) =>
        this.GetStreamProvider(EngineHost.Streams).GetStream<NumberedEvent>(StreamId.Create(ns, stream));
}
