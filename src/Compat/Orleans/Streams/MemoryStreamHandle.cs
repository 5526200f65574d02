using Orleans.Compat.Activations;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Compat.Streams;

/// <summary>One subscription to one stream.</summary>
internal sealed class MemoryStreamHandle<T> : StreamSubscriptionHandle<T>
{
    private readonly MemoryStreams provider;

    internal MemoryStreamHandle(MemoryStreams provider, StreamId streamId, Guid handleId)
    {
        this.provider = provider;
        StreamId = streamId;
        HandleId = handleId;
    }

    public override StreamId StreamId { get; }

    public override string ProviderName => provider.Name;

    public override Guid HandleId { get; }

    public override Task UnsubscribeAsync()
    {
        provider.TopicOf(StreamId).Remove(HandleId);
        Activation.Current?.Extras.StreamSinks.Remove(HandleId);
        return Task.CompletedTask;
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
    {
        StreamSink<T> sink = new(observer);
        if (Activation.Current is { } activation)
        {
            activation.Extras.StreamSinks[HandleId] = sink;
        }
        else
        {
            (provider.TopicOf(StreamId).Find(HandleId) as ClientConsumer)?.Attach(sink);
        }

        return Task.FromResult<StreamSubscriptionHandle<T>>(this);
    }

    public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && other.HandleId == HandleId;

    public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

    public override int GetHashCode() => HandleId.GetHashCode();
}

/// <inheritdoc/>
internal sealed class HandleFactory : IStreamSubscriptionHandleFactory
{
    private readonly MemoryStreams provider;
    private readonly Guid subscriptionId;

    internal HandleFactory(MemoryStreams provider, StreamId streamId, Guid subscriptionId)
    {
        this.provider = provider;
        this.subscriptionId = subscriptionId;
        StreamId = streamId;
    }

    public StreamId StreamId { get; }

    public string ProviderName => provider.Name;

    public StreamSubscriptionHandle<T> Create<T>() => new MemoryStreamHandle<T>(provider, StreamId, subscriptionId);
}
