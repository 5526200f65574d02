using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Writes and reads error bodies: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
public static class AnthropicErrors
{
    internal static ChatError Unexplained { get; } = new(ErrorKind.Internal, "The provider reported an error.");

    /// <summary>The status that goes with an error.</summary>
    public static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidRequest => 400,
        ErrorKind.Authentication => 401,
        ErrorKind.Billing => 402,
        ErrorKind.Permission => 403,
        ErrorKind.NotFound => 404,
        ErrorKind.TooLarge => 413,
        ErrorKind.RateLimit => 429,
        ErrorKind.Timeout => 504,
        ErrorKind.Overloaded => 529,
        ErrorKind.BadGateway => 502,
        _ => 500,
    };

    /// <summary>The word that Anthropic's clients know.</summary>
    public static string TypeOf(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidRequest => "invalid_request_error",
        ErrorKind.Authentication => "authentication_error",
        ErrorKind.Billing => "billing_error",
        ErrorKind.Permission => "permission_error",
        ErrorKind.NotFound => "not_found_error",
        ErrorKind.TooLarge => "request_too_large",
        ErrorKind.RateLimit => "rate_limit_error",
        ErrorKind.Timeout => "timeout_error",
        ErrorKind.Overloaded => "overloaded_error",
        _ => "api_error",
    };

    /// <summary>Reads an error body or event; null when it holds no error that can be recognised.</summary>
    internal static ChatError? TryRead(JsonElement root)
    {
        JsonElement error = JsonLookups.Object(root, "error"u8);
        if (error.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string message = JsonLookups.Text(error, "message"u8) ?? Unexplained.Message;
        ErrorKind kind = KindOf(JsonLookups.Text(error, "type"u8));
        return new ChatError(kind, message.Length > ChatError.TextLengthMax ? message[..ChatError.TextLengthMax] : message);
    }

    private static ErrorKind KindOf(string? type) => type switch
    {
        "invalid_request_error" => ErrorKind.InvalidRequest,
        "authentication_error" => ErrorKind.Authentication,
        "billing_error" => ErrorKind.Billing,
        "permission_error" => ErrorKind.Permission,
        "not_found_error" => ErrorKind.NotFound,
        "request_too_large" => ErrorKind.TooLarge,
        "rate_limit_error" => ErrorKind.RateLimit,
        "timeout_error" => ErrorKind.Timeout,
        "overloaded_error" => ErrorKind.Overloaded,
        _ => ErrorKind.Internal,
    };
}
