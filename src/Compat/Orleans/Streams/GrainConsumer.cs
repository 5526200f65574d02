using Orleans.Compat.Activations;
using Orleans.Compat.Calls;
using Orleans.Runtime;
using Orleans.Streams.Core;

namespace Orleans.Compat.Streams;

/// <summary>A grain's subscription. Each event is a call of its own, which activates the grain when it is not.</summary>
internal sealed class GrainConsumer : StreamConsumer
{
    private readonly GrainReference target;

    internal GrainConsumer(MemoryStreams provider, StreamId streamId, Guid subscriptionId, GrainId grainId)
        : base(provider, streamId, subscriptionId) => target = provider.Silo.Factory.ReferenceTo(grainId);

    internal GrainId GrainId => target.GrainId;

    public override string ToString() => target.GrainId.ToString();

    protected override Task DeliverAsync(StreamEvent published) => CallAsync(async activation =>
    {
        if (await FindSinkAsync(activation) is { } sink)
        {
            await sink.DeliverAsync(published);
        }
        else
        {
            Provider.Silo.Log.EventDropped(StreamId.ToString(), ToString());
        }
    });

    protected override Task GiveUpAsync(Exception exception) =>
        CallAsync(async activation => await (await FindSinkAsync(activation) is { } sink ? sink.FailAsync(exception) : Task.CompletedTask));

    private Task CallAsync(Func<Activation, Task> run)
    {
        DelegateCall call = new(EngineCall.Delivery, target, run);
        Provider.Silo.Dispatch(call, mayRunHere: true);
        return call.Answer;
    }

    private async Task<IStreamSink?> FindSinkAsync(Activation activation)
    {
        Dictionary<Guid, IStreamSink> sinks = activation.Extras.StreamSinks;
        if (!sinks.TryGetValue(SubscriptionId, out IStreamSink? sink) && activation.GrainInstance is IStreamSubscriptionObserver grain)
        {
            await grain.OnSubscribed(new HandleFactory(Provider, StreamId, SubscriptionId));
            sinks.TryGetValue(SubscriptionId, out sink);
        }

        return sink;
    }
}

/// <summary>A subscription made outside of grains; ends with the process.</summary>
internal sealed class ClientConsumer : StreamConsumer
{
    private IStreamSink sink;

    internal ClientConsumer(MemoryStreams provider, StreamId streamId, Guid subscriptionId, IStreamSink sink)
        : base(provider, streamId, subscriptionId) => this.sink = sink;

    public override string ToString() => "a client";

    internal void Attach(IStreamSink next) => sink = next;

    protected override Task DeliverAsync(StreamEvent published) => sink.DeliverAsync(published);

    protected override Task GiveUpAsync(Exception exception) => sink.FailAsync(exception);
}
