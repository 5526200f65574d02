using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Reads a stream of partial answers. It has no end mark: it is complete when every candidate has finished and the stream closes.</summary>
internal sealed class GeminiStreamReader : IStreamReader
{
    private readonly Dictionary<int, GeminiCandidateReader> candidates = [];
    private GeminiCallIds? ids;
    private bool isBlocked;

    public StreamStep Read(in SseEvent next, List<ChatEvent> steps)
    {
        if (!next.HasData || next.Data.Span.Trim((byte)' ').IsEmpty)
        {
            return StreamStep.Drop;
        }

        using JsonDocument? document = JsonInput.TryParse(next.Data);
        if (document is null)
        {
            return StreamStep.Garbage;
        }

        JsonElement root = document.RootElement;
        if (GeminiErrors.TryRead(root) is { } error)
        {
            steps.Add(new ChatEvent.Failed(error));
            return StreamStep.Failed;
        }

        return root.ValueKind == JsonValueKind.Object && ReadAnswer(root, next.Data, steps) ? StreamStep.Forward : StreamStep.Garbage;
    }

    public StreamStep End(List<ChatEvent> steps)
    {
        if (!IsWhole())
        {
            return StreamStep.Garbage;
        }

        steps.Add(ChatEvent.Ended.Instance);
        return StreamStep.Done;
    }

    private bool IsWhole() => isBlocked || (candidates.Count > 0 && candidates.Values.All(candidate => candidate.IsDone));

    private bool ReadAnswer(JsonElement root, ReadOnlyMemory<byte> body, List<ChatEvent> steps)
    {
        bool hasCandidates = root.TryGetProperty("candidates"u8, out JsonElement array) && array.ValueKind == JsonValueKind.Array;
        JsonElement usage = JsonLookups.Object(root, "usageMetadata"u8);
        bool blocks = !isBlocked && GeminiAnswerReader.IsBlocked(root);
        if (!hasCandidates && usage.ValueKind != JsonValueKind.Object && !blocks)
        {
            return false;
        }

        if (ids is null)
        {
            string? id = JsonLookups.Text(root, "responseId"u8);
            ids = new GeminiCallIds(GeminiCallIds.PrefixOf(id));
            steps.Add(new ChatEvent.Started(id, JsonLookups.Text(root, "modelVersion"u8), null));
        }

        if (blocks)
        {
            isBlocked = true;
            steps.Add(new ChatEvent.Stopped(0, StopReason.Refusal));
        }

        if (hasCandidates && !ReadCandidates(array, body, ids, steps))
        {
            return false;
        }

        if (GeminiUsage.Read(usage) is { } told)
        {
            // Told with every event; some models leave the output out until the last.
            steps.Add(new ChatEvent.Metered(told, IsSoFar: !IsWhole()));
        }

        return true;
    }

    private bool ReadCandidates(JsonElement array, ReadOnlyMemory<byte> body, GeminiCallIds callIds, List<ChatEvent> steps)
    {
        foreach (JsonElement item in array.EnumerateArray())
        {
            int index = (int)Math.Min(JsonLookups.Tokens(item, "index"u8) ?? 0, GeminiCandidateReader.CandidatesMax);
            if (index == GeminiCandidateReader.CandidatesMax || item.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            if (!candidates.TryGetValue(index, out GeminiCandidateReader? candidate))
            {
                candidate = new GeminiCandidateReader(index);
                candidates.Add(index, candidate);
            }

            if (!candidate.Read(item, body, callIds, steps))
            {
                return false;
            }
        }

        return true;
    }
}
