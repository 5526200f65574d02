using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Looks at each event of a message stream as it passes to a client of the same protocol. Events that it does not know pass too.</summary>
/// <param name="family">Of the model, for the estimate of what it wrote.</param>
public sealed class AnthropicStreamMeter(TokenFamily family) : IStreamMeter
{
    private TextTally written = new(family);
    private AnthropicUsage usage;
    private bool hasBegun;

    public TokenUsage? Usage { get; private set; }

    public TokenUsage? InputTold { get; private set; }

    public ServiceTier? Service => usage.Service;

    public bool IsDone { get; private set; }

    public ChatError? Error { get; private set; }

    public string? Id { get; private set; }

    public string? Model { get; private set; }

    public string? FinishReason { get; private set; }

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

        if (next.Data.Span.Trim((byte)' ').IsEmpty)
        {
            return StreamStep.Drop;
        }

        using JsonDocument? document = JsonInput.TryParse(next.Data);
        return document is { RootElement: { ValueKind: JsonValueKind.Object } root } && JsonLookups.Text(root, "type"u8) is { } type
            ? ReadEvent(type, root)
            : StreamStep.Garbage;
    }

    /// <inheritdoc/>
    public StreamStep End() => IsDone ? StreamStep.Done : StreamStep.Garbage;

    private StreamStep ReadEvent(string type, JsonElement root)
    {
        switch (type)
        {
            case "message_start":
                JsonElement message = JsonLookups.Object(root, "message"u8);
                hasBegun = true;
                (Id, Model) = (JsonLookups.Text(message, "id"u8), JsonLookups.Text(message, "model"u8));
                usage.Read(JsonLookups.Object(message, "usage"u8));
                InputTold = usage.ToInput();
                break;
            case "content_block_start":
                AddBlock(JsonLookups.Object(root, "content_block"u8));
                break;
            case "content_block_delta":
                AddDelta(JsonLookups.Object(root, "delta"u8));
                break;
            case "message_delta":
                usage.Read(JsonLookups.Object(root, "usage"u8));
                Usage = usage.ToUsage();
                FinishReason = JsonLookups.Text(JsonLookups.Object(root, "delta"u8), "stop_reason"u8) ?? FinishReason;
                break;
            case "message_stop":
                IsDone = true;
                return StreamStep.Done;
            case "error":
                Error = AnthropicErrors.TryRead(root) ?? AnthropicErrors.Unexplained;
                return StreamStep.Failed;
        }

        // A stream of something else begins with none of these.
        return hasBegun || type == "ping" ? StreamStep.Forward : StreamStep.Garbage;
    }

    private void AddBlock(JsonElement block)
    {
        if (block.ValueKind == JsonValueKind.Object && block.TryGetProperty("name"u8, out JsonElement name))
        {
            written.Add(name);
        }
    }

    /// <summary>Text, thoughts and arguments are what the model wrote; a signature is not.</summary>
    private void AddDelta(JsonElement delta)
    {
        if (delta.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        long bytes = 0;
        foreach (JsonProperty member in delta.EnumerateObject())
        {
            bytes += member.NameEquals("type"u8) || member.NameEquals("signature"u8) ? 0 : written.Add(member.Value);
        }

        OutputDeltas += bytes > 0 ? 1 : 0;
    }
}
