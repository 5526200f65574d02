using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Reads the whole body of <c>POST /v1/messages</c> into the canonical model; unknown members are kept beside.</summary>
internal static class AnthropicRequestReader
{
    private const int StopsMax = 8192;

    /// <param name="countsOnly">True for <c>count_tokens</c>, which bounds no output.</param>
    public static CanonicalRequest Read(JsonElement root, bool countsOnly, RequestReading reading)
    {
        CanonicalRequest request = new() { Client = WireFormat.Anthropic, Model = reading.NeededText(root, "", "model"), Messages = [] };
        ImmutableArray<ChatMessage> system = [];
        foreach (JsonProperty member in root.EnumerateObject())
        {
            if (member.NameEquals("system"u8))
            {
                system = AnthropicBlocksReader.ReadSystem(member.Value, reading);
            }
            else
            {
                request = ReadMember(request, member, reading);
            }
        }

        if (request.Messages.IsEmpty)
        {
            reading.Fail(RequestMistake.Missing("messages"));
        }

        if (request.MaxOutputTokens is null && !countsOnly)
        {
            reading.Fail(RequestMistake.Missing("max_tokens"));
        }

        return request with { Messages = [.. system, .. request.Messages], Unknown = reading.Unknown };
    }

    private static CanonicalRequest ReadMember(CanonicalRequest request, JsonProperty member, RequestReading reading)
    {
        JsonElement value = member.Value;
        switch (member.Name)
        {
            case "model":
                return request;
            case "messages":
                return request with { Messages = AnthropicMessagesReader.Read(value, reading) };
            case "max_tokens":
                return request with { MaxOutputTokens = reading.Whole(value, "", member.Name, 0, int.MaxValue) };
            case "stream":
                return request with { Stream = reading.Flag(value, "", member.Name) ?? false };
            case "stop_sequences":
                return request with { Stop = reading.Texts(value, "", member.Name, StopsMax) };
            case "temperature":
                return request with { Sampling = request.Sampling with { Temperature = reading.Number(value, "", member.Name, 0, 1) } };
            case "top_p":
                return request with { Sampling = request.Sampling with { TopP = reading.Number(value, "", member.Name, 0, 1) } };
            case "top_k":
                return request with { Sampling = request.Sampling with { TopK = reading.Whole(value, "", member.Name, 0, int.MaxValue) } };
            case "tools":
                return request with { Tools = AnthropicToolsReader.ReadTools(value, reading) };
            case "tool_choice":
                return AnthropicToolsReader.ReadChoice(request, value, reading);
            case "thinking":
                return request with { Reasoning = AnthropicToolsReader.ReadThinking(request.Reasoning, value, reading) };
            case "output_config":
                return AnthropicToolsReader.ReadOutput(request, value, reading);
            case "output_format":
                return request with { Format = AnthropicToolsReader.ReadFormat(value, member.Name, reading) };
            case "metadata":
                return request with { User = ReadUser(value, reading) };
            default:
                reading.Keep(member, "", IsHarmless(member) ? FieldWeight.Harmless : FieldWeight.Parameter);
                return request;
        }
    }

    private static string? ReadUser(JsonElement value, RequestReading reading)
    {
        if (!reading.IsObject(value, "", "metadata"))
        {
            return null;
        }

        reading.KeepOthers(value, "metadata", "user_id");
        return value.TryGetProperty("user_id"u8, out JsonElement user) ? reading.Text(user, "metadata", "user_id") : null;
    }

    private static bool IsHarmless(JsonProperty member) => member.Name switch
    {
        "cache_control" => true,
        "service_tier" => member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals("auto"u8),
        _ => false,
    };
}
