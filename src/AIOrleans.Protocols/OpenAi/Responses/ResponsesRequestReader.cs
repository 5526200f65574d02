using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Reads the whole body of <c>POST /v1/responses</c> into the canonical model. What OpenAI keeps or runs is content that nobody else has.</summary>
internal static class ResponsesRequestReader
{
    private const int IncludesMax = 32;

    private const string KeepsNothing = "keeps no earlier responses: send the whole conversation as 'input'";

    public static CanonicalRequest Read(JsonElement root, RequestReading reading)
    {
        CanonicalRequest request = new() { Client = WireFormat.OpenAiResponses, Model = reading.NeededText(root, "", "model"), Messages = [] };
        ImmutableArray<ChatMessage> instructions = [];
        foreach (JsonProperty member in root.EnumerateObject())
        {
            if (member.NameEquals("instructions"u8))
            {
                instructions = reading.Text(member.Value, "", "instructions") is { Length: > 0 } text
                    ? [new ChatMessage(ChatRole.System, [new ChatPart.Text(text) { Path = "instructions" }], "instructions")]
                    : [];
            }
            else
            {
                request = ReadMember(request, member, reading);
            }
        }

        // Who goes on with an earlier response may send no input; that is told instead.
        if (request.Messages.IsEmpty && !reading.Unknown.Any(field => field.Weight == FieldWeight.Content))
        {
            reading.Fail(RequestMistake.Missing("input"));
        }

        return request with { Messages = [.. instructions, .. request.Messages], Unknown = reading.Unknown };
    }

    private static CanonicalRequest ReadMember(CanonicalRequest request, JsonProperty member, RequestReading reading)
    {
        JsonElement value = member.Value;
        switch (member.Name)
        {
            case "model":
                return request;
            case "input":
                return request with { Messages = ResponsesInputReader.Read(value, reading) };
            case "tools":
                return request with { Tools = ResponsesToolsReader.ReadTools(value, reading) };
            case "tool_choice":
                return request with { ToolChoice = ResponsesToolsReader.ReadChoice(member, reading) };
            case "parallel_tool_calls":
                return request with { ParallelTools = reading.Flag(value, "", member.Name) };
            case "text":
                return ResponsesToolsReader.ReadText(request, value, reading);
            case "reasoning":
                return request with { Reasoning = ReadReasoning(value, reading) };
            case "max_output_tokens":
                return request with { MaxOutputTokens = reading.Whole(value, "", member.Name, 1, int.MaxValue) };
            case "temperature":
                return request with { Sampling = request.Sampling with { Temperature = reading.Number(value, "", member.Name, 0, 2) } };
            case "top_p":
                return request with { Sampling = request.Sampling with { TopP = reading.Number(value, "", member.Name, 0, 1) } };
            case "top_logprobs":
                return request with { Sampling = request.Sampling with { TopLogProbs = reading.Whole(value, "", member.Name, 0, 20) } };
            case "include":
                return request with { Sampling = request.Sampling with { LogProbs = ReadInclude(value, reading) } };
            case "user":
                return request with { User = reading.Text(value, "", member.Name) };
            case "stream":
                return request with { Stream = reading.Flag(value, "", member.Name) ?? false };
            default:
                Keep(member, reading);
                return request;
        }
    }

    private static void Keep(JsonProperty member, RequestReading reading)
    {
        JsonElement value = member.Value;
        switch (member.Name)
        {
            case "previous_response_id" or "conversation" or "prompt" when value.ValueKind != JsonValueKind.Null:
                reading.KeepContent(value, member.Name, member.NameEquals("prompt"u8) ? "has no stored prompts" : KeepsNothing);
                break;
            case "background" when reading.Flag(value, "", member.Name) == true:
                reading.KeepContent(value, member.Name, "answers while the client waits, not in the background");
                break;
            case "background":
                break;
            case "stream_options" when reading.IsObject(value, "", member.Name):
                foreach (JsonProperty option in value.EnumerateObject())
                {
                    reading.Keep(option, member.Name, option.NameEquals("include_obfuscation"u8) ? FieldWeight.Harmless : FieldWeight.Parameter);
                }

                break;
            default:
                reading.Keep(member, "", IsHarmless(member) ? FieldWeight.Harmless : FieldWeight.Parameter);
                break;
        }
    }

    /// <summary>Members about storage, accounting and caches, and values that ask for what happens anyway.</summary>
    private static bool IsHarmless(JsonProperty member) => member.Name switch
    {
        "metadata" or "prompt_cache_key" or "prompt_cache_retention" or "safety_identifier" => true,
        "store" => member.Value.ValueKind == JsonValueKind.False,
        "service_tier" => member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals("auto"u8),
        "truncation" => member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals("disabled"u8),
        _ => false,
    };

    private static Reasoning? ReadReasoning(JsonElement value, RequestReading reading)
    {
        if (!reading.IsObject(value, "", "reasoning"))
        {
            return null;
        }

        reading.KeepOthers(value, "reasoning", "effort", "summary", "generate_summary");
        string? word = value.TryGetProperty("effort"u8, out JsonElement given) ? reading.Text(given, "reasoning", "effort") : null;
        Effort? effort = word is null ? null : EffortWords.TryRead(word);
        if (word is not null && effort is null)
        {
            reading.Fail(RequestMistake.BadValue("reasoning.effort", EffortWords.Expected));
        }

        // How long a summary may be cannot be said elsewhere: thoughts are shown or not.
        bool shows = Summary(value, "summary", reading) ?? Summary(value, "generate_summary", reading) ?? false;
        return effort is null && !shows ? null : new Reasoning { Effort = effort, Show = shows ? true : null };
    }

    private static bool? Summary(JsonElement reasoning, string name, RequestReading reading) =>
        reasoning.TryGetProperty(name, out JsonElement given) && reading.Text(given, "reasoning", name) is { } word ? word != "none" : null;

    /// <summary>True when the probabilities of tokens are wanted. Encrypted thoughts come unasked; the rest are results of tools that run at OpenAI.</summary>
    private static bool ReadInclude(JsonElement value, RequestReading reading) =>
        reading.Texts(value, "", "include", IncludesMax).Contains("message.output_text.logprobs");
}
