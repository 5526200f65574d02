using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Reads error bodies, <c>{"message"}</c> with the type in a header or in <c>__type</c>, and the exceptions of a stream, whose type is the event's name.</summary>
public static class BedrockErrors
{
    /// <summary>The header that names the type of an error.</summary>
    public const string TypeHeader = "x-amzn-errortype";

    /// <summary>Name of the event that stands for a frame that tells an error without an exception of the API.</summary>
    public const string UnmodeledEvent = "error";

    internal static ChatError Unexplained { get; } = new(ErrorKind.Internal, "The provider reported an error.");

    /// <summary>Null when <paramref name="body"/> holds no error that can be recognised. Never throws.</summary>
    /// <param name="type">As the header <see cref="TypeHeader"/> has it; null: there was none.</param>
    public static ChatError? TryRead(ReadOnlyMemory<byte> body, string? type)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        JsonElement root = document?.RootElement ?? default;
        return type is null && JsonLookups.Text(root, "__type"u8) is null && MessageOf(root) is null ? null : Read(root, type);
    }

    /// <summary>True for the name of an event that ends a stream with an error.</summary>
    internal static bool IsError(string eventName) => eventName == UnmodeledEvent || eventName.EndsWith("Exception", StringComparison.Ordinal);

    /// <summary>The error of a body or of an event's data.</summary>
    internal static ChatError Read(JsonElement root, string? type)
    {
        string message = MessageOf(root) ?? Unexplained.Message;
        ErrorKind kind = KindOf(WordOf(type is null or UnmodeledEvent ? JsonLookups.Text(root, "__type"u8) ?? JsonLookups.Text(root, "code"u8) : type));
        return new ChatError(kind, message.Length > ChatError.TextLengthMax ? message[..ChatError.TextLengthMax] : message);
    }

    private static string? MessageOf(JsonElement root) => JsonLookups.Text(root, "message"u8) ?? JsonLookups.Text(root, "Message"u8);

    /// <summary>The bare word of <c>com.amazon.coral.service#ThrottlingException</c> and <c>ThrottlingException:http://…</c>, its first letter small as events write it.</summary>
    private static string WordOf(string? type)
    {
        ReadOnlySpan<char> word = type;
        int colon = word.IndexOf(':');
        word = colon < 0 ? word : word[..colon];
        word = word[(word.LastIndexOf('#') + 1)..];
        return word.IsEmpty ? "" : $"{char.ToLowerInvariant(word[0])}{word[1..]}";
    }

    private static ErrorKind KindOf(string word) => word switch
    {
        "validationException" or "serializationException" => ErrorKind.InvalidRequest,
        "unrecognizedClientException" or "expiredTokenException" or "invalidSignatureException" or "incompleteSignatureException"
            or "missingAuthenticationTokenException" => ErrorKind.Authentication,
        "accessDeniedException" => ErrorKind.Permission,
        "resourceNotFoundException" or "unknownOperationException" => ErrorKind.NotFound,
        "conflictException" => ErrorKind.Conflict,
        "throttlingException" or "serviceQuotaExceededException" or "tooManyRequestsException" => ErrorKind.RateLimit,
        "serviceUnavailableException" or "modelNotReadyException" => ErrorKind.Overloaded,
        "modelTimeoutException" => ErrorKind.Timeout,
        _ => ErrorKind.Internal,
    };
}
