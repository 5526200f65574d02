using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Reads a complete answer of <c>Converse</c>. It names neither itself nor the model.</summary>
internal static class BedrockAnswerReader
{
    /// <summary>Null when it is no answer.</summary>
    public static CanonicalAnswer? Read(JsonElement root, RequestReading reading)
    {
        JsonElement message = JsonLookups.Object(JsonLookups.Object(root, "output"u8), "message"u8);
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content"u8, out JsonElement content)
            || content.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        ChatChoice choice = new(
            0, BedrockBlocksReader.Read(content, reading), StopReasons.OfBedrock(JsonLookups.Text(root, "stopReason"u8)), StopSequenceOf(root));
        return new CanonicalAnswer(null, null, [choice], BedrockUsage.Read(JsonLookups.Object(root, "usage"u8))) { Service = BedrockUsage.ReadService(root) };
    }

    /// <summary>The stop sequence that was met, of an answer or of <c>messageStop</c>, where it was asked for and the model tells.</summary>
    public static string? StopSequenceOf(JsonElement owner) =>
        JsonLookups.Text(JsonLookups.Object(owner, "additionalModelResponseFields"u8), "stop_sequence"u8);
}
