using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi.Translation;

namespace AIOrleans.Protocols.OpenAi.Prompts;

/// <summary>Reads the whole body of <c>POST /v1/completions</c> into the canonical model: the prompt becomes one message of a user.</summary>
internal static class CompletionsRequestReader
{
    /// <summary>What this endpoint writes at most when nothing is said; chat has no such bound.</summary>
    private const long OutputTokensDefault = 16;

    public static CanonicalRequest Read(JsonElement root, RequestReading reading)
    {
        CanonicalRequest request = new() { Client = WireFormat.OpenAiCompletions, Model = reading.NeededText(root, "", "model"), Messages = [] };
        foreach (JsonProperty member in root.EnumerateObject())
        {
            request = ReadMember(request, member, reading);
        }

        if (request.Messages.IsEmpty && !reading.Unknown.Any(field => field.Weight == FieldWeight.Content))
        {
            reading.Fail(RequestMistake.Missing("prompt"));
        }

        return request with { MaxOutputTokens = request.MaxOutputTokens ?? OutputTokensDefault, Unknown = reading.Unknown };
    }

    private static CanonicalRequest ReadMember(CanonicalRequest request, JsonProperty member, RequestReading reading)
    {
        JsonElement value = member.Value;
        switch (member.Name)
        {
            case "prompt":
                return request with { Messages = ReadPrompt(value, reading) };
            case "max_tokens":
                return request with { MaxOutputTokens = reading.Whole(value, "", member.Name, 0, int.MaxValue) };
            case "suffix" when value.ValueKind != JsonValueKind.Null:
                reading.KeepContent(value, member.Name, "continues a prompt, and has no place for what follows");
                return request;
            case "echo" when reading.Flag(value, "", member.Name) != true:
                return request;
            case "best_of" when (reading.Whole(value, "", member.Name, 1, int.MaxValue) ?? 1) == 1:
                return request;
            case "echo" or "best_of" or "logprobs":
            case "messages" or "tools" or "tool_choice" or "parallel_tool_calls" or "response_format" or "max_completion_tokens" or "top_logprobs"
                or "reasoning_effort" or "verbosity":
                // Chat's own members have no meaning here.
                reading.Keep(member, "");
                return request;
            default:
                return OpenAiRequestReader.ReadMember(request, member, reading);
        }
    }

    private static ImmutableArray<ChatMessage> ReadPrompt(JsonElement value, RequestReading reading)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return [MessageOf(value.GetString() ?? "", "prompt")];
            case JsonValueKind.Array when value.GetArrayLength() == 1 && value[0].ValueKind == JsonValueKind.String:
                return [MessageOf(value[0].GetString() ?? "", "prompt[0]")];
            case JsonValueKind.Array when value.GetArrayLength() == 0:
                reading.Fail(RequestMistake.EmptyArray("prompt"));
                return [];
            case JsonValueKind.Array:
                reading.KeepContent(value, "prompt", value[0].ValueKind == JsonValueKind.String ? "takes one prompt in a call" : "reads text, not the numbers of tokens");
                return [];
            case JsonValueKind.Null:
                return [];
            default:
                reading.WrongType(value, "", "prompt", "a string or an array");
                return [];
        }
    }

    private static ChatMessage MessageOf(string text, string path) =>
        new(ChatRole.User, text.Length == 0 ? [] : [new ChatPart.Text(text) { Path = path }], path);
}
