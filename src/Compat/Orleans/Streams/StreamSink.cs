using Orleans.Streams;

namespace Orleans.Compat.Streams;

/// <summary>An observer attached to a subscription, whatever its type of event.</summary>
internal interface IStreamSink
{
    Task DeliverAsync(StreamEvent published);

    Task FailAsync(Exception exception);
}

/// <summary>One published event. The item is shared by all consumers, so it must not be changed.</summary>
internal sealed record StreamEvent(object? Item, SequenceToken Token);

/// <inheritdoc/>
internal sealed class StreamSink<T> : IStreamSink
{
    private readonly IAsyncObserver<T> observer;

    internal StreamSink(IAsyncObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        this.observer = observer;
    }

    // ! What was published as T is a T; of another type, the cast says so.
    public Task DeliverAsync(StreamEvent published) => observer.OnNextAsync((T)published.Item!, published.Token);

    public Task FailAsync(Exception exception) => observer.OnErrorAsync(exception);
}

/// <summary>Counts events over all streams of a provider, which makes it increase within each.</summary>
internal sealed class SequenceToken : StreamSequenceToken
{
    internal SequenceToken(long number) => SequenceNumber = number;

    public override long SequenceNumber { get; protected set; }

    public override int EventIndex { get; protected set; }

    public override bool Equals(StreamSequenceToken? other) => other is SequenceToken token && token.SequenceNumber == SequenceNumber;

    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    public override int GetHashCode() => SequenceNumber.GetHashCode();

    public override int CompareTo(StreamSequenceToken? other) => other is null ? 1 : SequenceNumber.CompareTo(other.SequenceNumber);

    public override string ToString() => $"[{SequenceNumber}]";
}
