using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Writes and reads error bodies: <c>{"error":{"message","type","param","code"}}</c>.</summary>
public static class OpenAiErrors
{
    /// <summary>Characters kept of any string of a foreign error: it ends up in logs and answers.</summary>
    public const int TextLengthMax = ChatError.TextLengthMax;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The inside of the 400 for a body that cannot be served.</summary>
    public static OpenAiError ToError(this RequestMistake mistake) => new(mistake.Message, OpenAiError.InvalidRequest, mistake.Param, mistake.Code);

    /// <summary>The error in no protocol's words. OpenAI's imitators have many types: those that are not known count as failures of theirs.</summary>
    public static ChatError ToCanonical(OpenAiError error) => new(KindOf(error), error.Message, error.Param, error.Code);

    /// <summary>The body of an error answer.</summary>
    public static byte[] ToBody(OpenAiError error)
    {
        ArrayBufferWriter<byte> output = new(256);
        Write(output, error);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the body of an error answer.</summary>
    public static void Write(IBufferWriter<byte> output, OpenAiError error)
    {
        using Utf8JsonWriter writer = new(output, WriterOptions);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, error.Message);
        writer.WriteString("type"u8, error.Type);
        writer.WriteString("param"u8, error.Param);
        writer.WriteString("code"u8, error.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Reads an error body as OpenAI and its imitators write it; null when it holds no error that can be recognised.</summary>
    public static OpenAiError? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            Utf8JsonReader reader = new(body);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadBody(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A string that is no Unicode text.
            return null;
        }
    }

    /// <summary>Reads the value of <c>error</c>: an object, a bare string, or anything else that is not null.</summary>
    internal static OpenAiError ReadValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return ReadFields(ref reader) ?? new OpenAiError("The provider reported an error.", OpenAiError.ServerError);
        }

        string? text = ReadText(ref reader);
        return new OpenAiError(text ?? "The provider reported an error.", OpenAiError.ServerError);
    }

    private static ErrorKind KindOf(OpenAiError error) => (error.Type, error.Code) switch
    {
        (_, "invalid_api_key") or ("authentication_error", _) => ErrorKind.Authentication,
        (_, "model_not_found") or ("not_found_error", _) => ErrorKind.NotFound,
        ("insufficient_quota" or "billing_error", _) => ErrorKind.Billing,
        ("permission_error", _) => ErrorKind.Permission,
        (_, "rate_limit_exceeded") or ("requests" or "tokens" or "rate_limit_error", _) => ErrorKind.RateLimit,
        ("overloaded_error", _) => ErrorKind.Overloaded,
        ("timeout_error", _) => ErrorKind.Timeout,
        (OpenAiError.InvalidRequest, _) => ErrorKind.InvalidRequest,
        _ => ErrorKind.Internal,
    };

    private static OpenAiError? ReadBody(ref Utf8JsonReader reader)
    {
        // The top level itself may be the error: {"message": …} or {"detail": …}.
        Utf8JsonReader own = reader;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isError && reader.TokenType != JsonTokenType.Null)
            {
                return ReadValue(ref reader);
            }

            reader.Skip();
        }

        return ReadFields(ref own);
    }

    /// <summary>Reads the members of an error object; null when it has no message.</summary>
    private static OpenAiError? ReadFields(ref Utf8JsonReader reader)
    {
        string? message = null;
        string? type = null;
        string? param = null;
        string? code = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("detail"u8))
            {
                reader.Read();
                message = ReadText(ref reader) ?? message;
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("param"u8))
            {
                reader.Read();
                param = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("code"u8))
            {
                reader.Read();
                code = ReadText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return message is null ? null : new OpenAiError(message, type ?? OpenAiError.ServerError, param, code);
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        string? text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
        reader.Skip();
        return text is { Length: > TextLengthMax } ? text[..TextLengthMax] : text;
    }
}
