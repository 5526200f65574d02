using System.Buffers;
using AIOrleans.Core.Directory;
using AIOrleans.Providers.Http;

namespace AIOrleans.Providers;

/// <summary>The bytes of a running answer, as they come. Nothing is held back: a read returns with what is there.</summary>
/// <remarks>Not thread-safe. Disposing it before its end closes the upstream connection, which stops the provider.</remarks>
public sealed class AnswerStream : IAsyncDisposable
{
    private readonly ProviderConfig provider;
    private readonly HttpResponseMessage response;
    private readonly Stream body;
    private readonly AttemptTimer timer;

    /// <summary>Bytes that were read to know that there is an answer; rented, null once they were handed on.</summary>
    private byte[]? first;
    private int firstAt;
    private int firstEnd;

    internal AnswerStream(ProviderConfig provider, HttpResponseMessage response, Stream body, AttemptTimer timer, byte[] first, int firstLength)
    {
        this.provider = provider;
        this.response = response;
        this.body = body;
        this.timer = timer;
        this.first = first;
        firstEnd = firstLength;
    }

    /// <summary>Reads what has arrived, or waits for the next bytes, at most <c>Timeouts.Idle</c>.</summary>
    /// <returns>Bytes read; 0 at the end of the stream. A clean end does not mean a complete answer: only <c>[DONE]</c> does.</returns>
    /// <exception cref="ProviderException">Idle for too long, reset, or garbage.</exception>
    /// <exception cref="AttemptCancelledException">Either this token or that of the call was cancelled.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        first is null ? ReadBodyAsync(buffer, cancellationToken) : new ValueTask<int>(TakeFirst(buffer.Span));

    public ValueTask DisposeAsync()
    {
        ReturnFirst();
        response.Dispose();
        timer.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = timer.Link(cancellationToken);
        try
        {
            ValueTask<int> read = body.ReadAsync(buffer, timer.Token);
            if (!read.IsCompleted)
            {
                timer.Enter(AttemptStage.Reading);
            }

            int length = await read;
            timer.Rest();
            return length;
        }
        catch (Exception exception) when (timer.IsCancelledBy(exception, cancellationToken))
        {
            throw new AttemptCancelledException(mayBeBilled: true, cancellationToken);
        }
        catch (Exception exception) when (FailureReader.TryRead(exception, provider, timer, out AttemptFailure? failure))
        {
            throw new ProviderException(failure, exception);
        }
    }

    private int TakeFirst(Span<byte> buffer)
    {
        int length = Math.Min(buffer.Length, firstEnd - firstAt);
        first.AsSpan(firstAt, length).CopyTo(buffer);
        firstAt += length;
        if (firstAt == firstEnd)
        {
            ReturnFirst();
        }

        return length;
    }

    private void ReturnFirst()
    {
        if (first is { } rented)
        {
            first = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
