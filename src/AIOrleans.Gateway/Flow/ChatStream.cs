using System.Buffers;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tokens;
using AIOrleans.Providers;

namespace AIOrleans.Gateway.Flow;

/// <summary>What a running chat stream brings next.</summary>
/// <param name="Raw">Bytes to pass on, none where nothing is to be passed; valid until the next read.</param>
/// <param name="IsLast">True when the provider has closed the stream.</param>
internal readonly record struct StreamPiece(StreamStep Step, ReadOnlyMemory<byte> Raw, bool IsLast = false);

/// <summary>A provider's stream cut into events and metered on the way; bytes that need no change are passed as they came, others translated.</summary>
/// <remarks>Not thread-safe. Disposing it before its end closes the upstream connection.</remarks>
internal sealed class ChatStream : IAsyncDisposable
{
    private readonly AnswerStream answer;
    private readonly SseReader reader;

    /// <summary>What a translator writes; null where the provider's bytes pass.</summary>
    private readonly ArrayBufferWriter<byte>? translated;
    private StreamPiece? first;

    private ChatStream(AnswerStream answer, IStreamMeter meter, ArrayBufferWriter<byte>? translated, int eventBytesMax = SseReader.EventBytesMaxDefault)
    {
        this.answer = answer;
        reader = new SseReader(eventBytesMax);
        this.translated = translated;
        Meter = meter;
    }

    /// <summary>Usage, errors and output counted so far.</summary>
    public IStreamMeter Meter { get; }

    /// <summary>A stream in the client's own format.</summary>
    /// <param name="usageAsked">True when an OpenAI client itself asked for the usage chunk.</param>
    public static ChatStream Passing(AnswerStream answer, WireFormat format, TokenFamily family, bool usageAsked) =>
        new(answer, AnswerReader.MeterOf(format, usageAsked, family), null, AnswerReader.EventBytesMaxOf(format));

    /// <summary>A stream in another format than the client's.</summary>
    public static ChatStream Translating(AnswerStream answer, WireFormat provider, TokenFamily family, WireFormat client, AnswerFrame frame)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        return new ChatStream(answer, new StreamTranslator(provider, client, frame, output, family), output);
    }

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
                : new AttemptFailure(FailureKind.Garbage, "The provider's stream is not what its protocol has.");
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

    /// <summary>The next piece, with no bytes where nothing is to be passed; <see cref="StreamStep.Garbage"/> when the stream ended before its end.</summary>
    /// <exception cref="ProviderException">The stream broke.</exception>
    public async ValueTask<StreamPiece> NextAsync(CancellationToken cancellationToken)
    {
        if (first is { } kept)
        {
            first = null;
            return kept;
        }

        translated?.ResetWrittenCount();
        while (true)
        {
            if (reader.TryRead(out SseEvent next))
            {
                return Pass(next);
            }

            int length = await answer.ReadAsync(reader.GetMemory(), cancellationToken);
            if (length > 0)
            {
                reader.Advance(length);
            }
            else
            {
                return reader.TryReadLast(out SseEvent last) ? Pass(last) : Ended();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await answer.DisposeAsync();
        reader.Dispose();
    }

    private StreamPiece Pass(in SseEvent next)
    {
        StreamStep step = Meter.Read(next);
        return new StreamPiece(step, translated is null ? next.Raw : translated.WrittenMemory);
    }

    /// <summary>The provider has closed the stream properly: where the format has no end mark, that completes it.</summary>
    private StreamPiece Ended()
    {
        StreamStep step = Meter.IsDone ? StreamStep.Done : Meter.End();
        return new StreamPiece(step, translated is null ? default : translated.WrittenMemory, IsLast: true);
    }
}
