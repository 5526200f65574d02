using System.Globalization;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>One choice of a chat completion stream: which part is open, and which calls of tools.</summary>
/// <remarks>
/// The wire does not say when a call is complete. It is when another part begins and its arguments are whole; one whose arguments are not stays open beside the other,
/// because some servers write several calls side by side.
/// </remarks>
internal sealed class OpenAiChoiceReader(int choice)
{
    /// <summary>Choices of one stream.</summary>
    public const int ChoicesMax = 128;

    /// <summary>Calls of one choice.</summary>
    private const int CallsMax = 1024;

    /// <summary>All calls so far, those that have ended too.</summary>
    private readonly List<StreamedCall> calls = [];

    /// <summary>Parts begun so far.</summary>
    private int partCount;

    /// <summary>The text, thought or refusal that is open; null: none.</summary>
    private PartKind? open;

    /// <summary>Its number.</summary>
    private int openPart;

    /// <summary>The call that had the last piece; null: something else had it.</summary>
    private StreamedCall? lastCall;

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
        if (delta.ValueKind == JsonValueKind.Object && delta.TryGetProperty("tool_calls"u8, out JsonElement pieces)
            && pieces.ValueKind == JsonValueKind.Array && !ReadCalls(pieces, steps))
        {
            return false;
        }

        if (JsonLookups.Text(item, "finish_reason"u8) is { } word)
        {
            End(steps);
            steps.Add(new ChatEvent.Stopped(choice, StopReasons.OfOpenAi(word)));
        }

        return true;
    }

    /// <summary>Ends what is open: the choice has stopped, or the stream has ended without saying so.</summary>
    public void End(List<ChatEvent> steps)
    {
        Close(steps);
        EndCalls(steps, all: true);
    }

    private void Grow(PartKind kind, string? text, RawJson? probabilities, List<ChatEvent> steps)
    {
        if (text is null)
        {
            return;
        }

        if (open != kind)
        {
            Begin(kind, steps);
        }

        steps.Add(new ChatEvent.Grown(choice, openPart, kind, text, probabilities));
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
                Begin(PartKind.Thinking, steps);
            }

            steps.Add(new ChatEvent.Signed(choice, openPart, PartKind.Thinking, signature, redacted is not null));
        }
    }

    private bool ReadCalls(JsonElement pieces, List<ChatEvent> steps)
    {
        foreach (JsonElement piece in pieces.EnumerateArray())
        {
            JsonElement function = JsonLookups.Object(piece, "function"u8);
            long? index = JsonLookups.Tokens(piece, "index"u8);
            string? id = JsonLookups.Text(piece, "id"u8);
            StreamedCall? call = Find(index, id) ?? BeginCall(index, id, JsonLookups.Text(function, "name"u8) ?? "", steps);
            if (call is null || !Grow(call, piece, JsonLookups.Text(function, "arguments"u8), steps))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The call that a piece belongs to; null for a new one. Most count by index. Some leave it out, or always send 0 with another id.</summary>
    private StreamedCall? Find(long? index, string? id)
    {
        if (id is null && index is null)
        {
            return lastCall;
        }

        return calls.FindLast(call => (id is null || call.Id == id) && (index is null || call.Index == index));
    }

    /// <summary>Null when there are too many.</summary>
    private StreamedCall? BeginCall(long? index, string? id, string name, List<ChatEvent> steps)
    {
        if (calls.Count == CallsMax)
        {
            return null;
        }

        Close(steps);
        EndCalls(steps, all: false);
        long own = index ?? (calls.Count == 0 ? 0 : calls[^1].Index + 1);
        StreamedCall call = new(own, id ?? string.Create(CultureInfo.InvariantCulture, $"call_{choice}_{partCount}"), partCount++);
        calls.Add(call);
        steps.Add(new ChatEvent.PartBegun(choice, call.Part, PartKind.ToolCall, call.Id, name));
        return call;
    }

    /// <summary>False when a call goes on that was complete: clients have been told so.</summary>
    private bool Grow(StreamedCall call, JsonElement piece, string? arguments, List<ChatEvent> steps)
    {
        string? signature = JsonLookups.Text(JsonLookups.Object(JsonLookups.Object(piece, "extra_content"u8), "google"u8), "thought_signature"u8);
        if (call.HasEnded)
        {
            return string.IsNullOrWhiteSpace(arguments);
        }

        Close(steps);
        lastCall = call;
        if (signature is not null)
        {
            steps.Add(new ChatEvent.Signed(choice, call.Part, PartKind.ToolCall, signature, IsRedacted: false));
        }

        if (arguments is not null)
        {
            call.Follow(arguments);
            steps.Add(new ChatEvent.Grown(choice, call.Part, PartKind.ToolCall, arguments));
        }

        return true;
    }

    /// <summary>Begins a text, a thought or a refusal.</summary>
    private void Begin(PartKind kind, List<ChatEvent> steps)
    {
        Close(steps);
        EndCalls(steps, all: false);
        lastCall = null;
        (open, openPart) = (kind, partCount++);
        steps.Add(new ChatEvent.PartBegun(choice, openPart, kind));
    }

    private void Close(List<ChatEvent> steps)
    {
        if (open is { } kind)
        {
            steps.Add(new ChatEvent.PartEnded(choice, openPart, kind));
            open = null;
        }
    }

    /// <summary>Ends the calls whose arguments are whole, or all of them.</summary>
    private void EndCalls(List<ChatEvent> steps, bool all)
    {
        foreach (StreamedCall call in calls)
        {
            if (!call.HasEnded && (all || call.IsWhole))
            {
                call.HasEnded = true;
                steps.Add(new ChatEvent.PartEnded(choice, call.Part, PartKind.ToolCall));
            }
        }
    }
}
