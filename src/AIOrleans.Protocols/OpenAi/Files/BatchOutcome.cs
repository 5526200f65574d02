using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.OpenAi.Files;

/// <summary>A line of the output of a batch: what became of one call.</summary>
/// <param name="IsAnswered">False for a call that failed, which costs nothing.</param>
/// <param name="Usage">What it used; null: not told.</param>
/// <param name="OutputTokens">What the answer is estimated at where its usage is not told.</param>
public readonly record struct BatchOutcome(bool IsAnswered, TokenUsage? Usage, long OutputTokens)
{
    /// <summary>Null when <paramref name="line"/> is no such line. Never throws.</summary>
    /// <param name="family">Of the model, for the estimate of what it wrote.</param>
    public static BatchOutcome? TryRead(ReadOnlyMemory<byte> line, WireFormat format, TokenFamily family)
    {
        using JsonDocument? document = JsonInput.TryParse(line);
        JsonElement root = document?.RootElement ?? default;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement response = JsonLookups.Object(root, "response"u8);
        if (JsonLookups.Tokens(response, "status_code"u8) is not (>= 200 and < 300) || JsonLookups.Object(response, "body"u8) is not { ValueKind: JsonValueKind.Object } body)
        {
            return default(BatchOutcome);
        }

        BodySpan at = JsonInput.PlaceOf(body, line);
        ChatAnswer? answer = AnswerReader.TryRead(line.Slice(at.Start, at.Length), format, family);
        return new BatchOutcome(IsAnswered: true, answer?.Usage, answer?.OutputTokens ?? 0);
    }
}
