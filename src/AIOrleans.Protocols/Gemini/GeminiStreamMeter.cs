using System.Runtime.InteropServices;
using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Looks at each partial answer of a stream as it passes to a client of the same protocol.</summary>
/// <remarks>There is no end mark: complete is a stream that closes after every candidate has told why it finished.</remarks>
/// <param name="family">Of the model, for the estimate of what it wrote.</param>
public sealed class GeminiStreamMeter(TokenFamily family) : IStreamMeter
{
    private const int CandidatesMax = 128;

    private readonly HashSet<long> seen = [];
    private readonly HashSet<long> finished = [];
    private TextTally written = new(family);
    private bool isBlocked;

    /// <summary>It comes with every event, but some models leave the output out until the last one.</summary>
    public TokenUsage? Usage { get; private set; }

    public TokenUsage? InputTold { get; private set; }

    /// <summary>Always null: Gemini does not tell it.</summary>
    public ServiceTier? Service => null;

    public bool IsDone { get; private set; }

    public ChatError? Error { get; private set; }

    public string? Id { get; private set; }

    public string? Model { get; private set; }

    public string? FinishReason { get; private set; }

    public long OutputBytes => written.Bytes;

    public long OutputTokens => written.Tokens;

    public int OutputDeltas { get; private set; }

    /// <summary>True once every candidate has told why it finished.</summary>
    private bool IsWhole => isBlocked || (seen.Count > 0 && finished.Count == seen.Count);

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
        if (document is null)
        {
            return StreamStep.Garbage;
        }

        JsonElement root = document.RootElement;
        Error = GeminiErrors.TryRead(root);
        return Error is not null ? StreamStep.Failed
            : root.ValueKind == JsonValueKind.Object && ReadAnswer(root) ? StreamStep.Forward
            : StreamStep.Garbage;
    }

    /// <inheritdoc/>
    public StreamStep End()
    {
        IsDone = IsWhole;
        return IsDone ? StreamStep.Done : StreamStep.Garbage;
    }

    private bool ReadAnswer(JsonElement root)
    {
        Id ??= JsonLookups.Text(root, "responseId"u8);
        Model ??= JsonLookups.Text(root, "modelVersion"u8);
        JsonElement usage = JsonLookups.Object(root, "usageMetadata"u8);
        isBlocked |= GeminiAnswerReader.IsBlocked(root);
        bool hasCandidates = root.TryGetProperty("candidates"u8, out JsonElement candidates) && candidates.ValueKind == JsonValueKind.Array;
        if (hasCandidates ? !FollowAll(candidates) : !isBlocked && usage.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        TokenUsage? told = GeminiUsage.Read(usage);
        if (IsWhole)
        {
            Usage = told ?? Usage;
        }
        else
        {
            InputTold = told ?? InputTold;
        }

        return true;
    }

    private bool FollowAll(JsonElement candidates)
    {
        foreach (JsonElement candidate in candidates.EnumerateArray())
        {
            if (candidate.ValueKind != JsonValueKind.Object || !Follow(candidate))
            {
                return false;
            }
        }

        return true;
    }

    private bool Follow(JsonElement candidate)
    {
        long index = JsonLookups.Tokens(candidate, "index"u8) ?? 0;
        if (index >= CandidatesMax)
        {
            return false;
        }

        seen.Add(index);
        if (JsonLookups.Text(candidate, "finishReason"u8) is { } word)
        {
            FinishReason = word;
            finished.Add(index);
        }

        long before = written.Bytes;
        AddParts(JsonLookups.Object(candidate, "content"u8));
        OutputDeltas += written.Bytes > before ? 1 : 0;
        return true;
    }

    private void AddParts(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty("parts"u8, out JsonElement parts) || parts.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (JsonElement part in parts.EnumerateArray())
        {
            if (JsonLookups.Object(part, "functionCall"u8) is { ValueKind: JsonValueKind.Object } call)
            {
                written.Add(JsonMarshal.GetRawUtf8Value(call));
            }

            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text"u8, out JsonElement text))
            {
                written.Add(text);
            }
        }
    }
}
