using System.Runtime.InteropServices;
using System.Text.Json;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Gemini;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Calls;

/// <summary>Reads error bodies of any provider. The shape tells whose words they are: servers answer in the words of what they imitate, and proxies in their own.</summary>
public static class ErrorReader
{
    /// <summary>Null when <paramref name="body"/> holds no error that can be recognised. Never throws.</summary>
    /// <param name="status">The status it came with: tells the kind where the words are not known; null when it came with a good one.</param>
    public static ChatError? TryRead(ReadOnlyMemory<byte> body, int? status)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        ChatError? error = document is null ? ReadOpenAi(body.Span) : Read(document.RootElement);
        return error is { Kind: ErrorKind.Internal } && KindOf(status) is { } kind ? error with { Kind = kind } : error;
    }

    private static ChatError? Read(JsonElement root)
    {
        // Gemini's endpoint for OpenAI's clients sends an array of one.
        JsonElement holder = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
        JsonElement error = JsonLookups.Object(holder, "error"u8);
        if (JsonLookups.Text(error, "status"u8) is not null)
        {
            return GeminiErrors.TryRead(holder);
        }

        return JsonLookups.Text(holder, "type"u8) == "error" ? AnthropicErrors.TryRead(holder) : ReadOpenAi(JsonMarshal.GetRawUtf8Value(holder));
    }

    private static ChatError? ReadOpenAi(ReadOnlySpan<byte> body) => OpenAiErrors.TryRead(body) is { } error ? OpenAiErrors.ToCanonical(error) : null;

    private static ErrorKind? KindOf(int? status) => status switch
    {
        400 => ErrorKind.InvalidRequest,
        401 => ErrorKind.Authentication,
        402 => ErrorKind.Billing,
        403 => ErrorKind.Permission,
        404 => ErrorKind.NotFound,
        408 or 504 => ErrorKind.Timeout,
        409 => ErrorKind.Conflict,
        413 => ErrorKind.TooLarge,
        422 => ErrorKind.Unprocessable,
        429 => ErrorKind.RateLimit,
        502 => ErrorKind.BadGateway,
        503 or 529 => ErrorKind.Overloaded,
        _ => null,
    };
}
