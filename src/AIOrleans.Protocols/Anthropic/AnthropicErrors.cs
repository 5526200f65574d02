using System.Buffers;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Writes and reads error bodies: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
public static class AnthropicErrors
{
    internal static ChatError Unexplained { get; } = new(ErrorKind.Internal, "The provider reported an error.");

    /// <summary>The status that goes with an error.</summary>
    public static int StatusOf(ErrorKind kind) => kind == ErrorKind.Overloaded ? 529 : ErrorStatuses.Of(kind);

    /// <summary>The word that Anthropic's clients know.</summary>
    public static string TypeOf(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidRequest or ErrorKind.Conflict or ErrorKind.Unprocessable => "invalid_request_error",
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

    /// <summary>The body of a denied. Anthropic has no fields for the rest of it: the limit's facts stand beside.</summary>
    public static ReadOnlyMemory<byte> ToBody(DeniedCall denied) => JsonInput.Write(writer =>
    {
        writer.WriteStartObject();
        WriteMembers(writer, denied);
        writer.WriteEndObject();
    });

    /// <summary>Writes an error into a running stream, where no status can be sent any more. No <c>message_stop</c> may follow.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, DeniedCall denied)
    {
        EventWriter events = new();
        WriteMembers(events.Begin(output, "error"u8), denied);
        events.End(output);
    }

    /// <summary>Reads an error body as providers send it; null when it holds no error that can be recognised. Never throws.</summary>
    public static ChatError? TryRead(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        return document is null ? null : TryRead(document.RootElement);
    }

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

    private static void WriteMembers(Utf8JsonWriter writer, DeniedCall denied)
    {
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, TypeOf(denied.Error.Kind));
        writer.WriteString("message"u8, denied.Error.Message);
        if (denied.Error.Code is { } code)
        {
            writer.WriteString("code"u8, code);
        }

        if (denied.Error.Param is { } param)
        {
            writer.WriteString("param"u8, param);
        }

        if (denied.Limit is { } facts)
        {
            writer.WriteStartObject("limit"u8);
            LimitFactsJson.Write(writer, facts);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteString("request_id"u8, denied.RequestId);
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
