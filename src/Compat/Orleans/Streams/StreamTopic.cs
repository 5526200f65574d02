using System.Security.Cryptography;
using System.Text;
using Orleans.Runtime;

namespace Orleans.Compat.Streams;

/// <summary>The consumers of one stream.</summary>
internal sealed class StreamTopic
{
    private readonly Lock gate = new();
    private readonly MemoryStreams provider;
    private readonly StreamId streamId;

    // Replaced whole behind the gate, read without it.
    private StreamConsumer[] consumers = [];

    internal StreamTopic(MemoryStreams provider, StreamId streamId)
    {
        this.provider = provider;
        this.streamId = streamId;
    }

    internal StreamConsumer[] Consumers => Volatile.Read(ref consumers);

    /// <summary>The same in every run, as the subscription of a class is.</summary>
    internal static Guid ImplicitId(string providerName, StreamId streamId, GrainType grainType)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{providerName}\n{streamId.SpaceText}\n{streamId.KeyText}\n{grainType}"));
        return new Guid(hash.AsSpan(0, 16));
    }

    internal void AddGrain(Guid subscriptionId, GrainId grainId) => Add(new GrainConsumer(provider, streamId, subscriptionId, grainId));

    internal void AddClient(Guid subscriptionId, IStreamSink sink) => Add(new ClientConsumer(provider, streamId, subscriptionId, sink));

    internal StreamConsumer? Find(Guid subscriptionId) => Array.Find(Consumers, consumer => consumer.SubscriptionId == subscriptionId);

    internal void Remove(Guid subscriptionId)
    {
        lock (gate)
        {
            Find(subscriptionId)?.End();
            consumers = [.. consumers.Where(consumer => consumer.SubscriptionId != subscriptionId)];
        }
    }

    private void Add(StreamConsumer consumer)
    {
        lock (gate)
        {
            consumers = [.. consumers, consumer];
        }
    }
}
