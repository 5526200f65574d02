using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>One item of a response's output while it grows: a message with its parts, thoughts, or a call of a function.</summary>
/// <param name="kind">Text stands for a message.</param>
/// <param name="responseId">The id of the item is made of it, so that it is the same in every event.</param>
/// <param name="index">Its place in the output.</param>
internal sealed class ResponseItem(PartKind kind, string responseId, int index)
{
    /// <summary>Characters taken of the response's id: OpenAI refuses ids of items over 64 when they come back.</summary>
    private const int KeyLengthMax = 40;

    private readonly List<ResponsePart> parts = [];

    public PartKind Kind => kind;

    public int Index => index;

    public string Id { get; } = IdOf(kind, responseId, index);

    /// <summary>Thoughts or arguments so far.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>What the client sends back with thoughts; null: nothing.</summary>
    public string? Encrypted { get; set; }

    /// <summary>Of a call, else empty.</summary>
    public string CallId { get; init; } = "";

    /// <summary>Of a call, else empty.</summary>
    public string Name { get; init; } = "";

    public int PartCount => parts.Count;

    public ResponsePart LastPart => parts[^1];

    public void AddPart(PartKind part) => parts.Add(new ResponsePart(part));

    /// <summary>Writes the item as it is now.</summary>
    /// <param name="status"><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>; thoughts have none.</param>
    public void Write(Utf8JsonWriter json, string status)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        switch (kind)
        {
            case PartKind.Thinking:
                WriteThoughts(json);
                break;
            case PartKind.ToolCall:
                json.WriteString("type"u8, "function_call"u8);
                json.WriteString("status"u8, status);
                json.WriteString("arguments"u8, Text.ToString());
                json.WriteString("call_id"u8, CallId);
                json.WriteString("name"u8, Name);
                break;
            default:
                json.WriteString("type"u8, "message"u8);
                json.WriteString("status"u8, status);
                json.WriteStartArray("content"u8);
                foreach (ResponsePart part in parts)
                {
                    part.Write(json);
                }

                json.WriteEndArray();
                json.WriteString("role"u8, "assistant"u8);
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the one part of a summary.</summary>
    public void WriteSummaryPart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "summary_text"u8);
        json.WriteString("text"u8, Text.ToString());
        json.WriteEndObject();
    }

    private void WriteThoughts(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        if (Text.Length > 0)
        {
            WriteSummaryPart(json);
        }

        json.WriteEndArray();
        if (Encrypted is { } payload)
        {
            json.WriteString("encrypted_content"u8, payload);
        }
    }

    private static string IdOf(PartKind kind, string responseId, int index)
    {
        ReadOnlySpan<char> key = responseId.AsSpan(Math.Max(0, responseId.Length - KeyLengthMax));
        StringBuilder id = new(kind switch { PartKind.Thinking => "rs_", PartKind.ToolCall => "fc_", _ => "msg_" });
        foreach (char letter in key)
        {
            id.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }

        return id.Append('_').Append(index).ToString();
    }
}

/// <summary>One part of a message: a text or a refusal.</summary>
internal sealed class ResponsePart(PartKind kind)
{
    private readonly List<RawJson> logProbs = [];

    public PartKind Kind => kind;

    public StringBuilder Text { get; } = new();

    public void AddLogProbs(RawJson? probabilities)
    {
        if (probabilities is { } told)
        {
            logProbs.Add(told);
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (kind == PartKind.Refusal)
        {
            json.WriteString("type"u8, "refusal"u8);
            json.WriteString("refusal"u8, Text.ToString());
        }
        else
        {
            json.WriteString("type"u8, "output_text"u8);
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
            WriteLogProbs(json);
            json.WriteString("text"u8, Text.ToString());
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the member <c>logprobs</c> with all that were told.</summary>
    public void WriteLogProbs(Utf8JsonWriter json)
    {
        json.WriteStartArray("logprobs"u8);
        foreach (RawJson told in logProbs)
        {
            WriteTokens(json, told);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the tokens of chat's <c>{"content":[…]}</c>, which have the same form here.</summary>
    public static void WriteTokens(Utf8JsonWriter json, RawJson told)
    {
        using JsonDocument document = JsonDocument.Parse(told.Utf8, JsonInput.Options);
        if (document.RootElement.TryGetProperty("content"u8, out JsonElement tokens) && tokens.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement token in tokens.EnumerateArray())
            {
                token.WriteTo(json);
            }
        }
    }
}
