using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class StreamTests
{
    private const int EventCount = 200;
    private readonly EngineHost host;

    public StreamTests(SharedHost shared) => host = shared.Host;

    [Theory]
    [InlineData(ObservingGrain.Namespace)]
    [InlineData(EagerGrain.Namespace)]
    public async Task An_implicit_subscription_activates_the_grain_and_gets_every_event_in_order(string ns)
    {
        string[] keys = [$"{ns}-order-a", $"{ns}-order-b"];
        await Task.WhenAll(keys.Select(key => PublishAsync(ns, key, 0, EventCount)));
        foreach (string key in keys)
        {
            await host.Signals.WaitAsync($"{key}:{ns}", EventCount);
            Assert.Equal(Enumerable.Range(0, EventCount), Numbers($"{key}:{ns}"));
        }
    }

    [Theory]
    [InlineData(ObservingGrain.Namespace)]
    [InlineData(EagerGrain.Namespace)]
    public async Task A_grain_that_was_deactivated_gets_the_next_events(string ns)
    {
        string key = $"{ns}-again";
        await PublishAsync(ns, key, 0, 5);
        await host.Signals.WaitAsync($"{key}:{ns}", 5);
        await (ns == EagerGrain.Namespace ? host.Grains.GetGrain<IEagerGrain>(key).EndAsync() : host.Grains.GetGrain<IObservingGrain>(key).EndAsync());
        await PublishAsync(ns, key, 5, 5);
        await host.Signals.WaitAsync($"{key}:{ns}", 10);
        Assert.Equal(Enumerable.Range(0, 10), Numbers($"{key}:{ns}"));
    }

    [Fact]
    public async Task An_observer_that_throws_gets_the_event_again_and_the_stream_goes_on()
    {
        const string Key = nameof(An_observer_that_throws_gets_the_event_again_and_the_stream_goes_on);
        IAsyncStream<NumberedEvent> stream = Stream(ObservingGrain.Namespace, Key);
        await stream.OnNextAsync(new NumberedEvent(0, "well"));
        await stream.OnNextAsync(new NumberedEvent(1, "fail once"));
        await stream.OnNextAsync(new NumberedEvent(2, "well"));
        await host.Signals.WaitAsync($"{Key}:{ObservingGrain.Namespace}", 3);
        Assert.Equal(1, host.Signals.Count($"{Key}:failed"));
        Assert.Equal([0, 1, 2], Numbers($"{Key}:{ObservingGrain.Namespace}"));
    }

    [Fact]
    public async Task A_grain_publishes_to_a_stream()
    {
        const string Key = nameof(A_grain_publishes_to_a_stream);
        await host.Grains.GetGrain<ISubscribingGrain>($"{Key}-publisher").PublishAsync(ObservingGrain.Namespace, Key, [1, 2, 3]);
        await host.Signals.WaitAsync($"{Key}:{ObservingGrain.Namespace}", 3);
        Assert.Equal([1, 2, 3], Numbers($"{Key}:{ObservingGrain.Namespace}"));
    }

    [Fact]
    public async Task An_explicit_subscription_gets_events_until_it_is_ended()
    {
        const string Key = nameof(An_explicit_subscription_gets_events_until_it_is_ended);
        ISubscribingGrain leaving = host.Grains.GetGrain<ISubscribingGrain>($"{Key}-leaving");
        ISubscribingGrain staying = host.Grains.GetGrain<ISubscribingGrain>($"{Key}-staying");
        await leaving.SubscribeAsync(Key);
        await staying.SubscribeAsync(Key);
        await PublishAsync(SubscribingGrain.Namespace, Key, 0, 3);
        await host.Signals.WaitAsync($"{Key}-leaving:{Key}", 3);
        await host.Signals.WaitAsync($"{Key}-staying:{Key}", 3);

        Assert.Equal(1, await leaving.UnsubscribeAsync(Key));
        await PublishAsync(SubscribingGrain.Namespace, Key, 3, 3);
        await host.Signals.WaitAsync($"{Key}-staying:{Key}", 6);
        Assert.Equal([0, 1, 2], Numbers($"{Key}-leaving:{Key}"));
        Assert.Equal(Enumerable.Range(0, 6), Numbers($"{Key}-staying:{Key}"));
        Assert.Equal(0, await leaving.UnsubscribeAsync(Key));
    }

    private async Task PublishAsync(string ns, string key, int first, int count)
    {
        IAsyncStream<NumberedEvent> stream = Stream(ns, key);
        for (int number = first; number < first + count; number++)
        {
            await stream.OnNextAsync(new NumberedEvent(number, "well"));
        }
    }

    private IAsyncStream<NumberedEvent> Stream(string ns, string key) =>
        host.Client.GetStreamProvider(EngineHost.Streams).GetStream<NumberedEvent>(StreamId.Create(ns, key));

    private int[] Numbers(string signal) => [.. host.Signals.Values(signal).Select(static number => number is int value ? value : -1)];
}
