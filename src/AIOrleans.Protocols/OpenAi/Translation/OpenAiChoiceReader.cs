using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>One choice of a chat completion stream: which part is open, and which call of a tool.</summary>
internal sealed class OpenAiChoiceReader(int choice)
{
    /// <summary>Choices of one stream.</summary>
    public const int ChoicesMax = 128;

    /// <summary>Parts begun so far; the open one, if any, is the last.</summary>
    private int partCount;
    private PartKind? open;
    private long openTool = -1;
    private string? openToolId;

    /// <summary>Reads an element of <c>choices</c>; false when clients would break on it.</summary>
    public bool Read(JsonElement item, ReadOnlyMemory<byte> chunk, List<ChatEvent> steps)
    {
        JsonElement delta = JsonLookups.Object(item, "delta"u8);
        JsonElement logProbs = JsonLookups.Object(item, "logprobs"u8);
        RawJson? probabilities = logProbs.ValueKind == JsonValueKind.Object ? new RawJson(RawJson.Of(logProbs, chunk).Utf8.ToArray()) : null;
        Grow(PartKind.Thinking, JsonLookups.Text(delta, "reasoning_content"u8) ?? JsonLookups.Text(delta, "reasoning"u8), null, steps);
        ReadSignatures(delta, steps);
        Grow(PartKind.Text, JsonLookups.Text(delta, "content"u8), probabilities, steps);
        Grow(PartKind.Refusal, JsonLookups.Text(delta, "refusal"u8), probabilities, steps);
        if (delta.ValueKind == JsonValueKind.Object && delta.TryGetProperty("tool_calls"u8, out JsonElement calls)
            && calls.ValueKind == JsonValueKind.Array && !ReadCalls(calls, steps))
        {
            return false;
        }

        if (JsonLookups.Text(item, "finish_reason"u8) is { } word)
        {
            Close(steps);
            steps.Add(new ChatEvent.Stopped(choice, StopReasons.OfOpenAi(word)));
        }

        return true;
    }

    private void Grow(PartKind kind, string? text, RawJson? probabilities, List<ChatEvent> steps)
    {
        if (text is null)
        {
            return;
        }

        if (open != kind)
        {
            Begin(kind, null, null, steps);
        }

        steps.Add(new ChatEvent.Grown(choice, partCount - 1, kind, text, probabilities));
    }

    /// <summary>Signatures of thoughts, as OpenAI-compatible gateways send them.</summary>
    private void ReadSignatures(JsonElement delta, List<ChatEvent> steps)
    {
        if (delta.ValueKind != JsonValueKind.Object || !delta.TryGetProperty("thinking_blocks"u8, out JsonElement blocks)
            || blocks.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (JsonElement block in blocks.EnumerateArray())
        {
            string? redacted = JsonLookups.Text(block, "data"u8);
            if ((redacted ?? JsonLookups.Text(block, "signature"u8)) is not { } signature)
            {
                continue;
            }

            if (redacted is not null || open != PartKind.Thinking)
            {
                Begin(PartKind.Thinking, null, null, steps);
            }

            steps.Add(new ChatEvent.Signed(choice, partCount - 1, PartKind.Thinking, signature, redacted is not null));
        }
    }

    private bool ReadCalls(JsonElement calls, List<ChatEvent> steps)
    {
        foreach (JsonElement call in calls.EnumerateArray())
        {
            JsonElement function = JsonLookups.Object(call, "function"u8);
            long? index = JsonLookups.Tokens(call, "index"u8);
            string? id = JsonLookups.Text(call, "id"u8);

            // Most count by index. Some leave it out, or always send 0 with another id.
            bool isNew = open != PartKind.ToolCall || (index is { } at ? at != openTool : id is not null) || (id is not null && id != openToolId);
            if (isNew)
            {
                if (index < openTool || (index == openTool && id is null))
                {
                    // A call that was complete goes on: parts of a choice come one after another.
                    return false;
                }

                openTool = index ?? openTool + 1;
                openToolId = id ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"call_{choice}_{partCount}");
                Begin(PartKind.ToolCall, openToolId, JsonLookups.Text(function, "name"u8) ?? "", steps);
            }

            if (JsonLookups.Text(JsonLookups.Object(JsonLookups.Object(call, "extra_content"u8), "google"u8), "thought_signature"u8) is { } signature)
            {
                steps.Add(new ChatEvent.Signed(choice, partCount - 1, PartKind.ToolCall, signature, IsRedacted: false));
            }

            if (JsonLookups.Text(function, "arguments"u8) is { } arguments)
            {
                steps.Add(new ChatEvent.Grown(choice, partCount - 1, PartKind.ToolCall, arguments));
            }
        }

        return true;
    }

    private void Begin(PartKind kind, string? toolId, string? toolName, List<ChatEvent> steps)
    {
        Close(steps);
        open = kind;
        steps.Add(new ChatEvent.PartBegun(choice, partCount++, kind, toolId, toolName));
    }

    private void Close(List<ChatEvent> steps)
    {
        if (open is { } kind)
        {
            steps.Add(new ChatEvent.PartEnded(choice, partCount - 1, kind));
            open = null;
        }
    }
}
