using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Calls;

/// <summary>Reads and writes the answers of <c>/v1/messages/count_tokens</c> and <c>:countTokens</c>, and reads those of Bedrock's <c>count-tokens</c>.</summary>
public static class TokenCount
{
    /// <summary>The tokens counted; null when <paramref name="body"/> is no such answer. Never throws.</summary>
    public static long? TryRead(ReadOnlyMemory<byte> body, WireFormat provider)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        return document is null ? null : JsonLookups.Tokens(document.RootElement, provider switch
        {
            WireFormat.Gemini => "totalTokens"u8,
            WireFormat.Bedrock => "inputTokens"u8,
            _ => "input_tokens"u8,
        });
    }

    /// <summary>The answer's body.</summary>
    public static ReadOnlyMemory<byte> Write(long tokens, WireFormat client) => JsonInput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber(client == WireFormat.Gemini ? "totalTokens"u8 : "input_tokens"u8, tokens);
        writer.WriteEndObject();
    });
}
