using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Looks at each event of a stream of <c>POST /v1/responses</c> as it passes. Its last event has the whole response, with the usage; there is no <c>[DONE]</c>.</summary>
/// <param name="family">Of the model, for the estimate of what it wrote.</param>
public sealed class ResponsesStreamMeter(TokenFamily family) : IStreamMeter
{
    private TextTally written = new(family);
    private bool hasBegun;

    public TokenUsage? Usage { get; private set; }

    /// <summary>Always null: usage is told at the end.</summary>
    public TokenUsage? InputTold => null;

    public ServiceTier? Service { get; private set; }

    public bool IsDone { get; private set; }

    public ChatError? Error { get; private set; }

    public string? Id { get; private set; }

    public string? Model { get; private set; }

    public string? FinishReason { get; private set; }

    public long OutputBytes => written.Bytes;

    public long OutputTokens => written.Tokens;

    public int OutputDeltas { get; private set; }

    /// <inheritdoc/>
    public long NextSequence { get; private set; }

    /// <inheritdoc/>
    public StreamStep Read(in SseEvent next)
    {
        if (!next.HasData)
        {
            return StreamStep.Forward;
        }

        if (next.Data.Span.Trim((byte)' ').IsEmpty)
        {
            return StreamStep.Drop;
        }

        using JsonDocument? document = JsonInput.TryParse(next.Data);
        return document is { RootElement: { ValueKind: JsonValueKind.Object } root } && JsonLookups.Text(root, "type"u8) is { } type
            ? ReadEvent(type, root, next.Data)
            : StreamStep.Garbage;
    }

    /// <inheritdoc/>
    public StreamStep End() => IsDone ? StreamStep.Done : StreamStep.Garbage;

    private StreamStep ReadEvent(string type, JsonElement root, ReadOnlyMemory<byte> body)
    {
        NextSequence = Math.Max(NextSequence, (JsonLookups.Tokens(root, "sequence_number"u8) ?? -1) + 1);
        JsonElement response = JsonLookups.Object(root, "response"u8);
        if (response.ValueKind == JsonValueKind.Object)
        {
            hasBegun = true;
            Id ??= JsonLookups.Text(response, "id"u8);
            Model = JsonLookups.Text(response, "model"u8) ?? Model;
            Service = ServiceTiers.OfWire(JsonLookups.Text(response, "service_tier"u8)) ?? Service;
            Usage = ResponsesUsage.Read(JsonLookups.Object(response, "usage"u8)) ?? Usage;
        }

        switch (type)
        {
            case "response.completed" or "response.incomplete":
                FinishReason = ResponsesAnswerReader.FinishOf(response);
                IsDone = true;
                return StreamStep.Done;
            case "response.failed":
                JsonElement error = JsonLookups.Object(response, "error"u8);
                Error = new ChatError(
                    ErrorKind.Internal, JsonLookups.Text(error, "message"u8) ?? "The provider reported an error.", null, JsonLookups.Text(error, "code"u8));
                return StreamStep.Failed;
            case "error":
                Error = OpenAiErrors.TryRead(body.Span) is { } told ? OpenAiErrors.ToCanonical(told) : new ChatError(ErrorKind.Internal, "The provider reported an error.");
                return StreamStep.Failed;
        }

        if (type.EndsWith(".delta", StringComparison.Ordinal) && JsonLookups.Text(root, "delta"u8) is { } delta)
        {
            // Audio comes in base64: it is no text.
            if (type != "response.audio.delta")
            {
                written.Add(delta);
            }

            OutputDeltas++;
        }

        return hasBegun ? StreamStep.Forward : StreamStep.Garbage;
    }
}
