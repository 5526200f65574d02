using System.Runtime.InteropServices;
using System.Text.Json;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Tokens;

/// <summary>Estimates the input of a call: every text that the model reads, by the model's family, and what its provider puts around them.</summary>
/// <remarks>
/// Sounds, films and files count nothing: their tokens follow from seconds and pages. Reads the body once more, which takes about half a millisecond for
/// 100 kB (<c>AIOrleans.Benchmarks -- tokens</c>), so it is for what is asked seldom. Never throws.
/// </remarks>
public sealed class CallTokens
{
    /// <summary>Bytes of one token, where a body says something twice and so cannot be read again.</summary>
    private const int BytesPerToken = 4;

    /// <summary>Tokens that the name of a property costs in the notation that OpenAI writes tools in. Source: its cookbook, "How to count tokens".</summary>
    private const int PropertyTokens = 3;

    /// <summary>Members whose strings are not read by the model: names of things, marks, and payloads.</summary>
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal)
    {
        "role", "type", "id", "tool_call_id", "tool_use_id", "call_id", "index", "status", "is_error", "cache_control", "extra_content", "annotations",
        "signature", "thoughtSignature", "thought_signature", "encrypted_content", "data", "mimeType", "mime_type", "media_type",
        "input_audio", "file", "file_id", "file_data", "filename",
    };

    private readonly TokenFamily family;
    private readonly CallOverhead overhead;

    private CallTokens(TokenFamily family) => (this.family, overhead) = (family, CallOverhead.Of(family));

    /// <summary>Tokens that a model of <paramref name="family"/> would probably read; at least 1.</summary>
    public static long Estimate(CallFacts call, TokenFamily family)
    {
        ArgumentNullException.ThrowIfNull(call);
        using JsonDocument? document = JsonInput.TryParse(call.Body);
        return document is { RootElement: { ValueKind: JsonValueKind.Object } root }
            ? Math.Max(1, new CallTokens(family).OfBody(root, call.Format))
            : Math.Max(1, call.TextBytes / BytesPerToken);
    }

    private long OfBody(JsonElement root, WireFormat format)
    {
        switch (format)
        {
            case WireFormat.OpenAiEmbeddings or WireFormat.OpenAiCompletions:
                return OfValue(Member(root, "input")) + OfValue(Member(root, "prompt"));
            case WireFormat.GeminiEmbedContent:
                return OfEmbedding(root);
            case WireFormat.GeminiEmbeddings:
                return Member(root, "requests") is { ValueKind: JsonValueKind.Array } requests ? requests.EnumerateArray().Sum(OfEmbedding) : 0;
            case WireFormat.OpenAiResponses:
                return overhead.Call + OfMessages(Member(root, "input")) + OfMessages(Member(root, "instructions")) + OfTools(Member(root, "tools"));
            case WireFormat.Gemini:
                JsonElement wrapped = Member(root, "generateContentRequest", "generate_content_request");
                root = wrapped.ValueKind == JsonValueKind.Object ? wrapped : root;
                return overhead.Call + OfMessages(Member(root, "contents")) + OfMessages(Member(root, "systemInstruction", "system_instruction"))
                    + OfTools(Member(root, "tools"));
            default:
                return overhead.Call + OfMessages(Member(root, "messages")) + OfValue(Member(root, "system"))
                    + OfTools(Member(root, "tools")) + OfTools(Member(root, "functions")) + OfJson(Member(root, "response_format"));
        }
    }

    private long OfEmbedding(JsonElement request) => OfValue(Member(request, "title")) + OfValue(Member(request, "content"));

    private long OfMessages(JsonElement messages) => messages.ValueKind switch
    {
        JsonValueKind.Undefined => 0,
        JsonValueKind.Array => (overhead.Message * (long)messages.GetArrayLength()) + OfValue(messages),
        _ => overhead.Message + OfValue(messages),
    };

    private long OfTools(JsonElement tools)
    {
        if (tools.ValueKind != JsonValueKind.Array || tools.GetArrayLength() == 0)
        {
            return 0;
        }

        long around = overhead.Tools + (overhead.Tool * (long)tools.GetArrayLength());
        return around + (family is TokenFamily.O200k or TokenFamily.Cl100k ? OfSchema(tools, isNamed: false) : OfJson(tools));
    }

    /// <summary>What is left of a JSON schema once OpenAI has written it as types: the words, and a little for each property.</summary>
    private long OfSchema(JsonElement value, bool isNamed)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return OfText(value);
            case JsonValueKind.Array:
                return value.EnumerateArray().Sum(item => OfSchema(item, isNamed: false));
            case JsonValueKind.Object:
                long tokens = 0;
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    tokens += OfSchema(member.Value, member.NameEquals("properties"u8)) + (isNamed ? OfText(member.Name) + PropertyTokens : 0);
                }

                return tokens;
            default:
                return 0;
        }
    }

    private long OfValue(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return OfText(value);
            case JsonValueKind.Number:
                // A prompt may be a list of tokens.
                return 1;
            case JsonValueKind.Array:
                long tokens = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    tokens += OfValue(item);
                }

                return tokens;
            case JsonValueKind.Object:
                return OfBlock(value);
            default:
                return 0;
        }
    }

    /// <summary>A message, or one of its parts.</summary>
    private long OfBlock(JsonElement block)
    {
        string? type = JsonLookups.Text(block, "type"u8);
        long tokens = type is "image" or "input_image" or "image_url" ? ImageOf(block) : 0;
        foreach (JsonProperty member in block.EnumerateObject())
        {
            string name = member.Name;
            tokens += name switch
            {
                "image_url" => 0,
                "source" => OfSource(member.Value),
                "inlineData" or "inline_data" or "fileData" or "file_data" when member.Value.ValueKind == JsonValueKind.Object => OfMedia(member.Value),
                "input" or "args" or "response" when member.Value.ValueKind == JsonValueKind.Object => OfJson(member.Value),
                _ => Silent.Contains(name) ? 0 : OfValue(member.Value),
            };
        }

        return tokens;
    }

    private long ImageOf(JsonElement block)
    {
        string? detail = JsonLookups.Text(block, "detail"u8) ?? JsonLookups.Text(JsonLookups.Object(block, "image_url"u8), "detail"u8);
        return detail == "low" ? overhead.SmallImage : overhead.Image;
    }

    /// <summary>Where a document of Anthropic's is text, it stands here.</summary>
    private long OfSource(JsonElement source) => JsonLookups.Text(source, "type"u8) switch
    {
        "text" => OfText(Member(source, "data")),
        "content" => OfValue(Member(source, "content")),
        _ => 0,
    };

    private long OfMedia(JsonElement media) =>
        Member(media, "mimeType", "mime_type") is { ValueKind: JsonValueKind.String } type && (type.GetString() ?? "").StartsWith("image/", StringComparison.Ordinal)
            ? overhead.Image : 0;

    /// <summary>A value that the model reads as JSON, as it stands.</summary>
    private long OfJson(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? 0 : TokenEstimate.Of(JsonMarshal.GetRawUtf8Value(value), family);

    private long OfText(JsonElement text)
    {
        TextTally tally = new(family);
        tally.Add(text);
        return tally.Tokens;
    }

    private long OfText(string text)
    {
        TextTally tally = new(family);
        tally.Add(text);
        return tally.Tokens;
    }

    private static JsonElement Member(JsonElement owner, string name, string? otherName = null) =>
        owner.ValueKind != JsonValueKind.Object ? default
            : owner.TryGetProperty(name, out JsonElement value) || (otherName is not null && owner.TryGetProperty(otherName, out value)) ? value
            : default;
}
