using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Reads a complete answer of <c>:generateContent</c>.</summary>
internal static class GeminiAnswerReader
{
    private const int CandidatesMax = 128;

    /// <summary>Null when it is no answer.</summary>
    public static CanonicalAnswer? Read(JsonElement root, RequestReading reading)
    {
        string? id = JsonLookups.Text(root, "responseId"u8);
        ImmutableArray<ChatChoice>.Builder choices = ImmutableArray.CreateBuilder<ChatChoice>();
        if (root.TryGetProperty("candidates"u8, out JsonElement candidates) && candidates.ValueKind == JsonValueKind.Array
            && candidates.GetArrayLength() is > 0 and <= CandidatesMax)
        {
            GeminiCallIds ids = new(GeminiCallIds.PrefixOf(id));
            foreach (JsonElement candidate in candidates.EnumerateArray())
            {
                choices.Add(ReadCandidate(candidate, choices.Count, reading, ids));
            }
        }
        else if (IsBlocked(root))
        {
            // A filter refused the prompt: for the others, an answer without a word.
            choices.Add(new ChatChoice(0, [], StopReason.Refusal));
        }

        return choices.Count == 0
            ? null
            : new CanonicalAnswer(id, JsonLookups.Text(root, "modelVersion"u8), choices.ToImmutable(), GeminiUsage.Read(JsonLookups.Object(root, "usageMetadata"u8)));
    }

    /// <summary>True when a filter refused the prompt.</summary>
    public static bool IsBlocked(JsonElement root) => JsonLookups.Text(JsonLookups.Object(root, "promptFeedback"u8), "blockReason"u8) is not null;

    private static ChatChoice ReadCandidate(JsonElement candidate, int index, RequestReading reading, GeminiCallIds ids)
    {
        ImmutableArray<ChatPart> parts = JsonLookups.Object(candidate, "content"u8) is { ValueKind: JsonValueKind.Object } content
            && content.TryGetProperty("parts"u8, out JsonElement array) && array.ValueKind == JsonValueKind.Array
                ? GeminiPartsReader.ReadParts(array, "content", reading, ids)
                : [];
        StopReason stop = StopReasons.OfGemini(JsonLookups.Text(candidate, "finishReason"u8));
        bool calls = stop == StopReason.EndTurn && parts.Any(part => part is ChatPart.ToolCall);
        return new ChatChoice(index, parts, calls ? StopReason.ToolUse : stop, LogProbs: GeminiLogProbs.Read(JsonLookups.Object(candidate, "logprobsResult"u8)));
    }
}
