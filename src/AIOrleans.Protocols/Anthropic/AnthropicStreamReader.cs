using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Reads the events of a message stream. Kinds of events and blocks that it does not know are skipped, as Anthropic asks of its clients.</summary>
internal sealed class AnthropicStreamReader : IStreamReader
{
    private AnthropicUsage usage;

    /// <summary>The block that is open on the wire; null: none, or one that is skipped.</summary>
    private PartKind? open;
    private int partCount;
    private bool hasBegun;
    private bool isDone;

    public StreamStep Read(in SseEvent next, List<ChatEvent> steps)
    {
        if (!next.HasData || next.Data.Span.Trim((byte)' ').IsEmpty)
        {
            return StreamStep.Drop;
        }

        using JsonDocument? document = JsonInput.TryParse(next.Data);
        if (document?.RootElement.ValueKind != JsonValueKind.Object)
        {
            return StreamStep.Garbage;
        }

        JsonElement root = document.RootElement;
        string? type = JsonLookups.Text(root, "type"u8);
        if (type == "error")
        {
            steps.Add(new ChatEvent.Failed(AnthropicErrors.TryRead(root) ?? AnthropicErrors.Unexplained));
            return StreamStep.Failed;
        }

        if (type is null || (!hasBegun && type is not ("message_start" or "ping")))
        {
            return StreamStep.Garbage;
        }

        return ReadEvent(type, root, steps);
    }

    public StreamStep End(List<ChatEvent> steps) => isDone ? StreamStep.Done : StreamStep.Garbage;

    private StreamStep ReadEvent(string type, JsonElement root, List<ChatEvent> steps)
    {
        switch (type)
        {
            case "message_start":
                JsonElement message = JsonLookups.Object(root, "message"u8);
                usage.Read(JsonLookups.Object(message, "usage"u8));
                hasBegun = true;
                steps.Add(new ChatEvent.Started(JsonLookups.Text(message, "id"u8), JsonLookups.Text(message, "model"u8), usage.ToInput()));
                break;
            case "content_block_start":
                BeginBlock(JsonLookups.Object(root, "content_block"u8), steps);
                break;
            case "content_block_delta":
                GrowBlock(JsonLookups.Object(root, "delta"u8), steps);
                break;
            case "content_block_stop":
                EndBlock(steps);
                break;
            case "message_delta":
                ReadDelta(root, steps);
                break;
            case "message_stop":
                EndBlock(steps);
                isDone = true;
                steps.Add(ChatEvent.Ended.Instance);
                return StreamStep.Done;
            case "ping":
                steps.Add(ChatEvent.Ping.Instance);
                break;
        }

        return StreamStep.Forward;
    }

    private void BeginBlock(JsonElement block, List<ChatEvent> steps)
    {
        EndBlock(steps);
        switch (JsonLookups.Text(block, "type"u8))
        {
            case "text":
                Begin(PartKind.Text, null, null, steps);
                Grow(JsonLookups.Text(block, "text"u8), steps);
                break;
            case "thinking":
                Begin(PartKind.Thinking, null, null, steps);
                Grow(JsonLookups.Text(block, "thinking"u8), steps);
                break;
            case "redacted_thinking":
                Begin(PartKind.Thinking, null, null, steps);
                steps.Add(new ChatEvent.Signed(0, partCount - 1, PartKind.Thinking, JsonLookups.Text(block, "data"u8) ?? "", IsRedacted: true));
                break;
            case "tool_use":
                Begin(PartKind.ToolCall, JsonLookups.Text(block, "id"u8) ?? "", JsonLookups.Text(block, "name"u8) ?? "", steps);
                break;
        }
    }

    private void GrowBlock(JsonElement delta, List<ChatEvent> steps)
    {
        switch (JsonLookups.Text(delta, "type"u8))
        {
            case "text_delta":
                Grow(JsonLookups.Text(delta, "text"u8), steps);
                break;
            case "thinking_delta":
                Grow(JsonLookups.Text(delta, "thinking"u8), steps);
                break;
            case "input_json_delta":
                Grow(JsonLookups.Text(delta, "partial_json"u8), steps);
                break;
            case "signature_delta" when open == PartKind.Thinking && JsonLookups.Text(delta, "signature"u8) is { } signature:
                steps.Add(new ChatEvent.Signed(0, partCount - 1, PartKind.Thinking, signature, IsRedacted: false));
                break;
        }
    }

    private void ReadDelta(JsonElement root, List<ChatEvent> steps)
    {
        EndBlock(steps);
        usage.Read(JsonLookups.Object(root, "usage"u8));
        JsonElement delta = JsonLookups.Object(root, "delta"u8);
        if (JsonLookups.Text(delta, "stop_reason"u8) is { } word)
        {
            steps.Add(new ChatEvent.Stopped(0, StopReasons.OfAnthropic(word), JsonLookups.Text(delta, "stop_sequence"u8)));
        }

        if (usage.ToUsage() is { } told)
        {
            steps.Add(new ChatEvent.Metered(told, usage.Service));
        }
    }

    private void Begin(PartKind kind, string? toolId, string? toolName, List<ChatEvent> steps)
    {
        open = kind;
        steps.Add(new ChatEvent.PartBegun(0, partCount++, kind, toolId, toolName));
    }

    private void Grow(string? text, List<ChatEvent> steps)
    {
        if (text is not null && open is { } kind)
        {
            steps.Add(new ChatEvent.Grown(0, partCount - 1, kind, text));
        }
    }

    private void EndBlock(List<ChatEvent> steps)
    {
        if (open is { } kind)
        {
            open = null;
            steps.Add(new ChatEvent.PartEnded(0, partCount - 1, kind));
        }
    }
}
