using Orleans.Compat.Activations;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Compat.Streams;

/// <summary>One stream of a <see cref="MemoryStreams"/> provider, for events of one type.</summary>
internal sealed class MemoryStream<T> : IAsyncStream<T>
{
    private readonly MemoryStreams provider;

    internal MemoryStream(MemoryStreams provider, StreamId streamId)
    {
        this.provider = provider;
        StreamId = streamId;
    }

    public StreamId StreamId { get; }

    public string ProviderName => provider.Name;

    public bool IsRewindable => false;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => provider.PublishAsync(StreamId, item);

    public async Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null)
    {
        foreach (T item in batch)
        {
            await OnNextAsync(item);
        }
    }

    public Task OnCompletedAsync() => throw new NotSupportedException("A memory stream never ends; unsubscribe instead.");

    public Task OnErrorAsync(Exception ex) => throw new NotSupportedException("A memory stream carries events only; publish the error as one.");

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) => SubscribeAsync(observer, null);

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null)
    {
        if (token is not null)
        {
            throw new ArgumentException("The stream is not rewindable: subscribe without a token.", nameof(token));
        }

        StreamSink<T> sink = new(observer);
        if (Activation.Current is not { } activation)
        {
            Guid clientId = Guid.NewGuid();
            provider.TopicOf(StreamId).AddClient(clientId, sink);
            return Task.FromResult<StreamSubscriptionHandle<T>>(new MemoryStreamHandle<T>(provider, StreamId, clientId));
        }

        Guid id = ImplicitIdOf(activation) ?? Guid.NewGuid();
        if (provider.TopicOf(StreamId).Find(id) is null)
        {
            provider.TopicOf(StreamId).AddGrain(id, activation.GrainId);
        }

        activation.Extras.StreamSinks[id] = sink;
        return Task.FromResult<StreamSubscriptionHandle<T>>(new MemoryStreamHandle<T>(provider, StreamId, id));
    }

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        GrainId? caller = Activation.Current?.GrainId;
        IList<StreamSubscriptionHandle<T>> handles =
        [
            .. provider.TopicOf(StreamId).Consumers
                .Where(consumer => consumer is GrainConsumer grain ? grain.GrainId == caller : caller is null)
                .Select(consumer => new MemoryStreamHandle<T>(provider, StreamId, consumer.SubscriptionId)),
        ];
        return Task.FromResult(handles);
    }

    public bool Equals(IAsyncStream<T>? other) => other is not null && other.StreamId == StreamId && other.ProviderName == ProviderName;

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    public override int GetHashCode() => StreamId.GetHashCode();

    public int CompareTo(IAsyncStream<T>? other) => other is null ? 1 : StreamId.CompareTo(other.StreamId);

    private Guid? ImplicitIdOf(Activation activation) =>
        MemoryStreams.ImplicitConsumer(activation.Class, StreamId) is { } key && key == activation.Key
            ? StreamTopic.ImplicitId(ProviderName, StreamId, activation.Class.Type)
            : null;
}
