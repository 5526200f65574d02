using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Reads a complete answer of <c>POST /v1/messages</c>.</summary>
internal static class AnthropicAnswerReader
{
    /// <summary>Null when it is no message.</summary>
    public static CanonicalAnswer? Read(JsonElement root, RequestReading reading)
    {
        if (!root.TryGetProperty("content"u8, out JsonElement content) || content.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        ImmutableArray<ChatPart> parts = AnthropicBlocksReader.ReadBlocks(content, "content", reading);
        AnthropicUsage usage = default;
        usage.Read(JsonLookups.Object(root, "usage"u8));
        ChatChoice choice = new(
            0, parts, StopReasons.OfAnthropic(JsonLookups.Text(root, "stop_reason"u8)), JsonLookups.Text(root, "stop_sequence"u8));
        return new CanonicalAnswer(JsonLookups.Text(root, "id"u8), JsonLookups.Text(root, "model"u8), [choice], usage.ToUsage()) { Service = usage.Service };
    }
}
