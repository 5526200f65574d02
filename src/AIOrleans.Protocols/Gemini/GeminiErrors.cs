using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Writes and reads error bodies: <c>{"error":{"code","message","status","details"}}</c>, a <c>google.rpc.Status</c>.</summary>
public static class GeminiErrors
{
    internal static ChatError Unexplained { get; } = new(ErrorKind.Internal, "The provider reported an error.");

    /// <summary>The HTTP status that goes with an error.</summary>
    public static int StatusOf(ErrorKind kind) => ErrorStatuses.Of(kind);

    /// <summary>The word of <c>google.rpc.Code</c>.</summary>
    public static string WordOf(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidRequest or ErrorKind.TooLarge or ErrorKind.Unprocessable => "INVALID_ARGUMENT",
        ErrorKind.Conflict => "ABORTED",
        ErrorKind.Authentication => "UNAUTHENTICATED",
        ErrorKind.Billing => "FAILED_PRECONDITION",
        ErrorKind.Permission => "PERMISSION_DENIED",
        ErrorKind.NotFound => "NOT_FOUND",
        ErrorKind.RateLimit => "RESOURCE_EXHAUSTED",
        ErrorKind.Overloaded or ErrorKind.BadGateway => "UNAVAILABLE",
        ErrorKind.Timeout => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    };

    /// <summary>The body of a refusal, with Google's own details: an <c>ErrorInfo</c>, and a <c>RetryInfo</c> where waiting helps.</summary>
    public static ReadOnlyMemory<byte> ToBody(DeniedCall denied) => JsonInput.Write(writer =>
    {
        writer.WriteStartObject();
        WriteMembers(writer, denied);
        writer.WriteEndObject();
    });

    /// <summary>Writes an error into a running stream, where no status can be sent any more.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, DeniedCall denied)
    {
        EventWriter events = new();
        WriteMembers(events.Begin(output, default), denied);
        events.End(output);
    }

    /// <summary>Reads an error body as providers send it; null when it holds no error that can be recognised. Never throws.</summary>
    public static ChatError? TryRead(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        return document is null ? null : TryRead(document.RootElement);
    }

    /// <summary>Reads an error body or event, also one within an array as unstreamed answers come; null when it holds no error that can be recognised.</summary>
    internal static ChatError? TryRead(JsonElement root)
    {
        JsonElement holder = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
        JsonElement error = JsonLookups.Object(holder, "error"u8);
        if (error.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string message = JsonLookups.Text(error, "message"u8) ?? Unexplained.Message;
        ErrorKind kind = KindOf(JsonLookups.Text(error, "status"u8), JsonLookups.Tokens(error, "code"u8));
        return new ChatError(kind, message.Length > ChatError.TextLengthMax ? message[..ChatError.TextLengthMax] : message);
    }

    private static void WriteMembers(Utf8JsonWriter writer, DeniedCall denied)
    {
        ChatError error = denied.Error;
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, StatusOf(error.Kind));
        writer.WriteString("message"u8, error.Message);
        writer.WriteString("status"u8, WordOf(error.Kind));
        writer.WriteStartArray("details"u8);
        writer.WriteStartObject();
        writer.WriteString("@type"u8, "type.googleapis.com/google.rpc.ErrorInfo"u8);
        writer.WriteString("reason"u8, (error.Code ?? "invalid_request").ToUpperInvariant());
        writer.WriteString("domain"u8, "aiorleans"u8);
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("request_id"u8, denied.RequestId);
        if (error.Param is { } param)
        {
            writer.WriteString("field"u8, param);
        }

        writer.WriteEndObject();
        if (denied.Limit is { } facts)
        {
            writer.WriteStartObject("limit"u8);
            LimitFactsJson.Write(writer, facts);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (denied is { Retry: true, RetryAfter: { } wait })
        {
            writer.WriteStartObject();
            writer.WriteString("@type"u8, "type.googleapis.com/google.rpc.RetryInfo"u8);
            writer.WriteString("retryDelay"u8, string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))}s"));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ErrorKind KindOf(string? word, long? code) => (word, code) switch
    {
        ("INVALID_ARGUMENT" or "OUT_OF_RANGE", _) => ErrorKind.InvalidRequest,
        ("UNAUTHENTICATED", _) or (_, 401) => ErrorKind.Authentication,
        (_, 402) => ErrorKind.Billing,
        ("PERMISSION_DENIED", _) or (_, 403) => ErrorKind.Permission,
        ("NOT_FOUND", _) or (_, 404) => ErrorKind.NotFound,
        (_, 413) => ErrorKind.TooLarge,
        ("RESOURCE_EXHAUSTED", _) or (_, 429) => ErrorKind.RateLimit,
        ("UNAVAILABLE", _) or (_, 503) => ErrorKind.Overloaded,
        ("DEADLINE_EXCEEDED", _) or (_, 504) => ErrorKind.Timeout,
        ("FAILED_PRECONDITION", _) or (_, 400) => ErrorKind.InvalidRequest,
        _ => ErrorKind.Internal,
    };
}
