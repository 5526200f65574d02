using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Compat.Activations;
using Orleans.Compat.Hosting;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Compat.Streams;

/// <summary>A stream provider that lives in the process: events reach every consumer at least once while it does.</summary>
internal sealed class MemoryStreams : IStreamProvider
{
    private readonly ConcurrentDictionary<StreamId, StreamTopic> topics = new();
    private long published;

    internal MemoryStreams(string name, Silo silo)
    {
        Name = name;
        Silo = silo;
    }

    public string Name { get; }

    public bool IsRewindable => false;

    internal Silo Silo { get; }

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new MemoryStream<T>(this, streamId);

    /// <summary>Queues an event for every consumer. Waits while a consumer's queue is full.</summary>
    internal async Task PublishAsync(StreamId streamId, object? item)
    {
        StreamEvent made = new(item, new SequenceToken(Interlocked.Increment(ref published)));
        foreach (StreamConsumer consumer in TopicOf(streamId).Consumers)
        {
            await consumer.TakeAsync(made);
        }
    }

    /// <summary>Kept for the life of the provider: a topic is small, and streams are named after things that stay.</summary>
    internal StreamTopic TopicOf(StreamId streamId) => topics.GetOrAdd(streamId, static (id, provider) => provider.CreateTopic(id), this);

    /// <summary>The key of the grain that a class subscribes implicitly to the stream; null when it does not.</summary>
    internal static IdSpan? ImplicitConsumer(GrainClass grainClass, StreamId streamId)
    {
        if (!grainClass.ImplicitSubscriptions.Any(subscription => subscription.Matches(streamId.SpaceText)))
        {
            return null;
        }

        bool isNumbered = typeof(IGrainWithIntegerKey).IsAssignableFrom(grainClass.ClassType);
        return isNumbered && long.TryParse(streamId.KeyText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? GrainIdKeyExtensions.CreateIntegerKey(number)
            : IdSpan.Create(streamId.KeyText);
    }

    private StreamTopic CreateTopic(StreamId streamId)
    {
        StreamTopic topic = new(this, streamId);
        foreach (GrainClass grainClass in Silo.Classes.All)
        {
            if (ImplicitConsumer(grainClass, streamId) is { } key)
            {
                topic.AddGrain(StreamTopic.ImplicitId(Name, streamId, grainClass.Type), new GrainId(grainClass.Type, key));
            }
        }

        return topic;
    }
}
