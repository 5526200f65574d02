using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>One candidate of a stream: text goes on from event to event, a function call comes whole.</summary>
internal sealed class GeminiCandidateReader(int choice)
{
    /// <summary>Candidates of one stream.</summary>
    public const int CandidatesMax = 128;

    private int partCount;
    private PartKind? open;
    private bool hasCalls;

    /// <summary>True once the candidate has told why it finished.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Reads an element of <c>candidates</c>; false when it cannot be understood.</summary>
    public bool Read(JsonElement item, ReadOnlyMemory<byte> body, GeminiCallIds ids, List<ChatEvent> steps)
    {
        JsonElement content = JsonLookups.Object(item, "content"u8);
        if (content.ValueKind == JsonValueKind.Object && content.TryGetProperty("parts"u8, out JsonElement array) && array.ValueKind == JsonValueKind.Array)
        {
            RequestReading reading = new(body);
            RawJson? logProbs = GeminiLogProbs.Read(JsonLookups.Object(item, "logprobsResult"u8));
            foreach (ChatPart part in GeminiPartsReader.ReadParts(array, "content", reading, ids))
            {
                ReadPart(part, logProbs, steps);
                logProbs = null;
            }

            if (reading.Mistake is not null)
            {
                return false;
            }
        }

        if (JsonLookups.Text(item, "finishReason"u8) is { } word && !IsDone)
        {
            IsDone = true;
            Close(steps);
            StopReason stop = StopReasons.OfGemini(word);
            steps.Add(new ChatEvent.Stopped(choice, stop == StopReason.EndTurn && hasCalls ? StopReason.ToolUse : stop));
        }

        return true;
    }

    private void ReadPart(ChatPart part, RawJson? logProbs, List<ChatEvent> steps)
    {
        switch (part)
        {
            case ChatPart.Text text:
                Grow(PartKind.Text, text.Value, logProbs, steps);
                break;
            case ChatPart.Thinking thought:
                Grow(PartKind.Thinking, thought.Value, null, steps);
                Sign(thought, steps);
                break;
            case ChatPart.ToolCall call:
                hasCalls = true;
                Begin(PartKind.ToolCall, call.Id, call.Name, steps);
                if (call.Signature is { } signature)
                {
                    steps.Add(new ChatEvent.Signed(choice, partCount - 1, PartKind.ToolCall, signature, IsRedacted: false));
                }

                steps.Add(new ChatEvent.Grown(choice, partCount - 1, PartKind.ToolCall, call.Arguments));
                Close(steps);
                break;
        }
    }

    private void Sign(ChatPart.Thinking thought, List<ChatEvent> steps)
    {
        if ((thought.Signature ?? thought.Redacted) is not { } signature)
        {
            return;
        }

        if (open != PartKind.Thinking)
        {
            Begin(PartKind.Thinking, null, null, steps);
        }

        steps.Add(new ChatEvent.Signed(choice, partCount - 1, PartKind.Thinking, signature, IsRedacted: thought.Signature is null));
    }

    private void Grow(PartKind kind, string text, RawJson? logProbs, List<ChatEvent> steps)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (open != kind)
        {
            Begin(kind, null, null, steps);
        }

        steps.Add(new ChatEvent.Grown(choice, partCount - 1, kind, text, logProbs));
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
