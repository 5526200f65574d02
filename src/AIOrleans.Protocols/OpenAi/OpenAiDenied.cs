using System.Buffers;
using System.Text.Json;
using AIOrleans.Core.Limits;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Tells OpenAI's clients why a call was denied. Source: the pairs in OpenAI's error documentation and what its SDKs branch on.</summary>
public static class OpenAiDenied
{
    /// <summary>The status that goes with an error.</summary>
    public static int StatusOf(ErrorKind kind) => ErrorStatuses.Of(kind);

    /// <summary>The word that OpenAI's clients know.</summary>
    public static string TypeOf(DeniedCall denied) => denied.Error.Kind switch
    {
        ErrorKind.Billing => "insufficient_quota",
        ErrorKind.Permission => "permission_error",
        ErrorKind.RateLimit => denied.Limit?.Metric == QuotaMetric.Tokens ? "tokens" : "requests",
        ErrorKind.Internal or ErrorKind.BadGateway or ErrorKind.Overloaded or ErrorKind.Timeout => OpenAiError.ServerError,
        _ => OpenAiError.InvalidRequest,
    };

    /// <summary><c>{"error":{"message","type","param","code","request_id","limit"?}}</c>; <c>limit</c> only for a limit that refused.</summary>
    public static ReadOnlyMemory<byte> ToBody(DeniedCall denied) => JsonInput.Write(writer =>
    {
        writer.WriteStartObject();
        WriteMembers(writer, denied);
        writer.WriteEndObject();
    });

    /// <summary>Writes an error into a running stream, where no status can be sent any more. The clients raise it; no <c>[DONE]</c> may follow.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, DeniedCall denied)
    {
        EventWriter events = new();
        WriteMembers(events.Begin(output, default), denied);
        events.End(output);
    }

    /// <summary>Writes the member <c>error</c>.</summary>
    internal static void WriteMembers(Utf8JsonWriter writer, DeniedCall denied)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, denied.Error.Message);
        writer.WriteString("type"u8, TypeOf(denied));
        writer.WriteString("param"u8, denied.Error.Param);
        writer.WriteString("code"u8, denied.Error.Code);
        writer.WriteString("request_id"u8, denied.RequestId);
        if (denied.Limit is { } facts)
        {
            writer.WriteStartObject("limit"u8);
            LimitFactsJson.Write(writer, facts);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
