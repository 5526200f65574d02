using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.OpenAi.Media;

/// <summary>Looks at each event of a stream of transcripts, speech or images as it passes. Its last event has the usage; not all servers send <c>[DONE]</c> behind it.</summary>
public sealed class MediaStreamMeter(WireFormat format, TokenFamily family = TokenFamily.Unknown) : IStreamMeter
{
    private TextTally written = new(family);
    private bool isComplete;

    public TokenUsage? Usage { get; private set; }

    /// <summary>Always null: usage is told at the end.</summary>
    public TokenUsage? InputTold => null;

    /// <summary>Always null: such calls have none.</summary>
    public ServiceTier? Service => null;

    public bool IsDone { get; private set; }

    public ChatError? Error { get; private set; }

    /// <summary>Always null.</summary>
    public string? Id => null;

    /// <summary>Always null.</summary>
    public string? Model => null;

    public string? FinishReason => isComplete ? "stop" : null;

    public long OutputBytes => written.Bytes;

    public long OutputTokens => written.Tokens;

    public int OutputDeltas { get; private set; }

    /// <inheritdoc/>
    public StreamStep Read(in SseEvent next)
    {
        if (!next.HasData)
        {
            return StreamStep.Forward;
        }

        ReadOnlySpan<byte> data = next.Data.Span.Trim((byte)' ');
        if (data.IsEmpty)
        {
            return StreamStep.Drop;
        }

        if (data.StartsWith("[DONE]"u8))
        {
            IsDone = isComplete;
            return isComplete ? StreamStep.Done : StreamStep.Garbage;
        }

        using JsonDocument? document = JsonInput.TryParse(next.Data);
        return document is { RootElement: { ValueKind: JsonValueKind.Object } root } ? ReadEvent(root, next.Data) : StreamStep.Garbage;
    }

    /// <inheritdoc/>
    public StreamStep End() => isComplete ? StreamStep.Done : StreamStep.Garbage;

    private StreamStep ReadEvent(JsonElement root, ReadOnlyMemory<byte> body)
    {
        string? type = JsonLookups.Text(root, "type"u8);
        if (type is null or "error" || type.EndsWith(".failed", StringComparison.Ordinal))
        {
            Error = OpenAiErrors.TryRead(body.Span) is { } told ? OpenAiErrors.ToCanonical(told)
                : type is null ? null : new ChatError(ErrorKind.Internal, "The provider reported an error.");
            return Error is null ? StreamStep.Garbage : StreamStep.Failed;
        }

        if (type == "transcript.text.delta" && JsonLookups.Text(root, "delta"u8) is { } delta)
        {
            written.Add(delta);
        }

        OutputDeltas++;
        bool isImage = type is "image_generation.completed" or "image_edit.completed";
        if (isImage || type is "transcript.text.done" or "speech.audio.done")
        {
            isComplete = true;
            TokenUsage told = MediaUsage.Tokens(JsonLookups.Object(root, "usage"u8), format) ?? default;
            Usage = isImage ? Plus(Usage ?? default, told) with { ImagesMade = (Usage?.ImagesMade ?? 0) + 1 } : told with { AudioMilliseconds = MediaUsage.Milliseconds(root) };
        }

        return StreamStep.Forward;
    }

    /// <summary>Each image has an event of its own with its own usage.</summary>
    private static TokenUsage Plus(TokenUsage left, TokenUsage right) => new()
    {
        UncachedInput = left.UncachedInput + right.UncachedInput,
        ImageInput = left.ImageInput + right.ImageInput,
        Output = left.Output + right.Output,
        ImageOutput = left.ImageOutput + right.ImageOutput,
    };
}
