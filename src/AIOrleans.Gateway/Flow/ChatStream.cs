using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;
using AIOrleans.Providers;

namespace AIOrleans.Gateway.Flow;

/// <summary>What a running chat stream brings next.</summary>
/// <param name="Raw">Bytes to pass on; valid until the next read.</param>
internal readonly record struct StreamPiece(StreamStep Step, ReadOnlyMemory<byte> Raw);

/// <summary>A provider's stream cut into events and metered on the way; bytes that need no change are passed as they came.</summary>
/// <remarks>Not thread-safe. Disposing it before its end closes the upstream connection.</remarks>
internal sealed class ChatStream(AnswerStream answer, bool usageAsked) : IAsyncDisposable
{
    private readonly SseReader reader = new();
    private StreamPiece? first;

    /// <summary>Usage, errors and output counted so far.</summary>
    public IStreamMeter Meter { get; } = AnswerReader.MeterOf(WireFormat.OpenAiChat, usageAsked);

    /// <summary>Reads up to the first piece that tells whether there is an answer, and keeps it for the relay.</summary>
    /// <returns>Null when there is one; otherwise why not.</returns>
    public async ValueTask<AttemptFailure?> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            StreamPiece piece = await NextAsync(cancellationToken);
            if (piece.Step is StreamStep.Forward or StreamStep.Drop or StreamStep.Done)
            {
                first = piece;
                return null;
            }

            return Meter.Error is { } error
                ? new AttemptFailure(FailureKind.BadStatus, "The provider answered with an error event.") { Error = error }
                : new AttemptFailure(FailureKind.Garbage, "The provider's stream is not a chat stream.");
        }
        catch (ProviderException exception)
        {
            return exception.Failure;
        }
        catch (SseEventTooLargeException)
        {
            return new AttemptFailure(FailureKind.TooLarge, "An event of the provider's stream is too large.");
        }
    }

    /// <summary>The next piece; <see cref="StreamStep.Garbage"/> with no bytes when the stream ended without its <c>[DONE]</c>.</summary>
    /// <exception cref="ProviderException">The stream broke.</exception>
    public async ValueTask<StreamPiece> NextAsync(CancellationToken cancellationToken)
    {
        if (first is { } kept)
        {
            first = null;
            return kept;
        }

        while (true)
        {
            if (reader.TryRead(out SseEvent next))
            {
                return new StreamPiece(Meter.Read(next), next.Raw);
            }

            int length = await answer.ReadAsync(reader.GetMemory(), cancellationToken);
            if (length > 0)
            {
                reader.Advance(length);
            }
            else
            {
                return reader.TryReadLast(out SseEvent last) ? new StreamPiece(Meter.Read(last), last.Raw) : new StreamPiece(StreamStep.Garbage, default);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await answer.DisposeAsync();
        reader.Dispose();
    }
}
