using System.Threading.Channels;
using Orleans.Runtime;

namespace Orleans.Compat.Streams;

/// <summary>One subscription's queue, and the pump that empties it in order, one event at a time.</summary>
internal abstract class StreamConsumer : IThreadPoolWorkItem
{
    /// <summary>Events waiting for one consumer of one stream. Beyond, publishers wait: a slow consumer must not grow the process.</summary>
    private const int QueuedEventsMax = 16_384;

    /// <summary>How long to wait before each further attempt; after the last, the event is given up and the stream goes on.</summary>
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private readonly Channel<StreamEvent> queue =
        Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(QueuedEventsMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private int isPumping;
    private volatile bool hasEnded;

    protected StreamConsumer(MemoryStreams provider, StreamId streamId, Guid subscriptionId)
    {
        Provider = provider;
        StreamId = streamId;
        SubscriptionId = subscriptionId;
    }

    internal Guid SubscriptionId { get; }

    protected MemoryStreams Provider { get; }

    protected StreamId StreamId { get; }

    void IThreadPoolWorkItem.Execute() => _ = PumpAsync();

    /// <summary>Queues an event; waits only while the queue is full.</summary>
    internal async ValueTask TakeAsync(StreamEvent published)
    {
        try
        {
            await queue.Writer.WriteAsync(published);
        }
        catch (ChannelClosedException)
        {
            // The subscription has ended since the publisher looked.
            return;
        }

        StartPump();
    }

    /// <summary>Nothing is delivered from now on.</summary>
    internal void End()
    {
        hasEnded = true;
        queue.Writer.TryComplete();
    }

    /// <summary>Delivers an event to the observer; throws what the observer throws.</summary>
    protected abstract Task DeliverAsync(StreamEvent published);

    /// <summary>Tells the observer that an event was given up.</summary>
    protected abstract Task GiveUpAsync(Exception exception);

    private void StartPump()
    {
        if (Interlocked.CompareExchange(ref isPumping, 1, 0) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task PumpAsync()
    {
        while (queue.Reader.TryRead(out StreamEvent? published) && !hasEnded)
        {
            await DeliverWithRetriesAsync(published);
        }

        Volatile.Write(ref isPumping, 0);
        if (queue.Reader.TryPeek(out _) && !hasEnded)
        {
            // Queued between the last look and the flag.
            StartPump();
        }
    }

    private async Task DeliverWithRetriesAsync(StreamEvent published)
    {
        for (int attempt = 1; !hasEnded; attempt++)
        {
            try
            {
                await DeliverAsync(published);
                return;
            }
            catch (SiloUnavailableException)
            {
                // Nobody to deliver to any more.
                End();
            }
            catch (Exception exception)
            {
                // An observer may throw anything, and the events behind this one are not its fault.
                Provider.Silo.Log.DeliveryFailed(StreamId.ToString(), ToString() ?? "", attempt, exception);
                if (attempt > RetryDelays.Length)
                {
                    await GiveUpQuietlyAsync(exception);
                    return;
                }

                await Task.Delay(RetryDelays[attempt - 1], Provider.Silo.Time);
            }
        }
    }

    private async Task GiveUpQuietlyAsync(Exception exception)
    {
        try
        {
            await GiveUpAsync(exception);
        }
        catch (Exception second)
        {
            Provider.Silo.Log.DeliveryFailed(StreamId.ToString(), ToString() ?? "", RetryDelays.Length + 1, second);
        }
    }
}
