using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Looks at each event of a chat completion stream as it passes: usage, end, errors, and how much was written.</summary>
/// <remarks>Not thread-safe: one per stream. Keeps nothing of the content.</remarks>
/// <param name="usageAsked">True when the client itself asked for the usage chunk.</param>
/// <param name="family">Of the model, for the estimate of what it wrote.</param>
public sealed class ChatStreamMeter(bool usageAsked, TokenFamily family = TokenFamily.Unknown) : IStreamMeter
{
    private ChoicesTally tally = new(family);

    /// <summary>The last usage told; null while none was, or only garbage: the caller takes <see cref="OutputTokens"/>.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>The service tier that the stream was served with, as last told; null: not told.</summary>
    public ServiceTier? Service { get; private set; }

    /// <summary>True once <c>[DONE]</c> came. A stream that ends before is truncated.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Set after <see cref="StreamStep.Failed"/>.</summary>
    public OpenAiError? Error { get; private set; }

    /// <summary>The answer's id, from the first chunk that has one.</summary>
    public string? Id { get; private set; }

    /// <summary>The model that answered, as the provider calls it.</summary>
    public string? Model { get; private set; }

    /// <summary>The last one told, e.g. <c>stop</c>.</summary>
    public string? FinishReason => tally.FinishReason;

    /// <summary>UTF-8 bytes of all that the model has written so far, reasoning and tool arguments included.</summary>
    public long OutputBytes => tally.Written.Bytes;

    /// <summary>What <see cref="OutputBytes"/> are estimated at, in tokens.</summary>
    public long OutputTokens => tally.Written.Tokens;

    /// <summary>Chunks that brought text. Providers send about one token in each.</summary>
    public int OutputDeltas => tally.Deltas;

    /// <summary>Always null: OpenAI tells usage at the end.</summary>
    public TokenUsage? InputTold => null;

    ChatError? IStreamMeter.Error => Error is { } error ? OpenAiErrors.ToCanonical(error) : null;

    /// <summary>Reads one event. Never throws, whatever the bytes.</summary>
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
            IsDone = true;
            return StreamStep.Done;
        }

        try
        {
            return ReadChunk(data);
        }
        catch (JsonException)
        {
            return StreamStep.Garbage;
        }
        catch (InvalidOperationException)
        {
            // A string that is no Unicode text.
            return StreamStep.Garbage;
        }
    }

    /// <summary>The provider has closed the stream: complete only if <c>[DONE]</c> came before.</summary>
    public StreamStep End() => IsDone ? StreamStep.Done : StreamStep.Garbage;

    private StreamStep ReadChunk(ReadOnlySpan<byte> data)
    {
        Utf8JsonReader reader = new(data);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return StreamStep.Garbage;
        }

        tally.Count = 0;
        bool hasChoices = false;
        bool hasUsage = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                hasChoices = ChoicesReader.TryRead(ref reader, ref tally);
                if (!hasChoices)
                {
                    return StreamStep.Garbage;
                }
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                hasUsage = reader.TokenType == JsonTokenType.StartObject;
                Usage = OpenAiUsage.Read(ref reader) ?? Usage;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                Error ??= reader.TokenType == JsonTokenType.Null ? null : OpenAiErrors.ReadValue(ref reader);
            }
            else
            {
                ReadIdentity(ref reader);
            }
        }

        reader.Read();
        return StepOf(data, hasChoices, hasUsage);
    }

    private StreamStep StepOf(ReadOnlySpan<byte> data, bool hasChoices, bool hasUsage)
    {
        if (!hasChoices)
        {
            // Some servers put the error at the top level: {"object":"error","message":…}.
            Error ??= OpenAiErrors.TryRead(data);
        }

        if (Error is not null)
        {
            return StreamStep.Failed;
        }

        bool isUsageOnly = hasUsage && tally.Count == 0;
        return isUsageOnly && !usageAsked ? StreamStep.Drop
            : hasChoices || hasUsage ? StreamStep.Forward
            : StreamStep.Garbage;
    }

    private void ReadIdentity(ref Utf8JsonReader reader)
    {
        bool isId = string.IsNullOrEmpty(Id) && reader.ValueTextEquals("id"u8);
        bool isModel = string.IsNullOrEmpty(Model) && !isId && reader.ValueTextEquals("model"u8);
        bool isService = reader.ValueTextEquals("service_tier"u8);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            Service = isService ? ServiceTiers.OfWire(reader.GetString()) ?? Service : Service;
            Id = isId ? reader.GetString() : Id;
            Model = isModel ? reader.GetString() : Model;
        }

        reader.Skip();
    }
}
