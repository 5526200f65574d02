using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Reads the whole body of <c>POST /v1/chat/completions</c> into the canonical model; unknown members are kept beside.</summary>
internal static class OpenAiRequestReader
{
    private const int StopsMax = 64;

    private const int NMax = 128;

    public static CanonicalRequest Read(JsonElement root, RequestReading reading)
    {
        CanonicalRequest request = new() { Client = WireFormat.OpenAiChat, Model = reading.NeededText(root, "", "model"), Messages = [] };
        foreach (JsonProperty member in root.EnumerateObject())
        {
            request = ReadMember(request, member, reading);
        }

        if (request.Messages.IsEmpty)
        {
            reading.Fail(RequestMistake.Missing("messages"));
        }

        return request with { Unknown = reading.Unknown };
    }

    /// <summary>Reads one member; legacy completions share all but the messages.</summary>
    internal static CanonicalRequest ReadMember(CanonicalRequest request, JsonProperty member, RequestReading reading)
    {
        JsonElement value = member.Value;
        switch (member.Name)
        {
            case "model":
                return request;
            case "messages":
                return request with { Messages = OpenAiMessagesReader.Read(value, reading) };
            case "tools":
                return request with { Tools = OpenAiToolsReader.ReadTools(value, reading) };
            case "tool_choice":
                return request with { ToolChoice = OpenAiToolsReader.ReadChoice(member, reading) };
            case "parallel_tool_calls":
                return request with { ParallelTools = reading.Flag(value, "", member.Name) };
            case "response_format":
                return request with { Format = OpenAiToolsReader.ReadFormat(value, reading) };
            case "stop":
                return request with { Stop = reading.Texts(value, "", member.Name, StopsMax) };
            case "max_tokens":
                return request with { MaxOutputTokens = request.MaxOutputTokens ?? reading.Whole(value, "", member.Name, 1, int.MaxValue) };
            case "max_completion_tokens":
                return request with { MaxOutputTokens = reading.Whole(value, "", member.Name, 1, int.MaxValue) ?? request.MaxOutputTokens };
            case "reasoning_effort":
                return request with { Reasoning = ReadEffort(value, reading) };
            case "verbosity":
                return request with { Verbosity = reading.Text(value, "", member.Name) };
            case "user":
                return request with { User = reading.Text(value, "", member.Name) };
            case "n":
                return request with { N = (int)(reading.Whole(value, "", member.Name, 1, NMax) ?? 1) };
            case "stream":
                return request with { Stream = reading.Flag(value, "", member.Name) ?? false };
            case "stream_options":
                return request with { IncludeUsage = ReadIncludeUsage(value, reading) };
            default:
                return request with { Sampling = ReadSampling(request.Sampling, member, reading) };
        }
    }

    private static Sampling ReadSampling(Sampling sampling, JsonProperty member, RequestReading reading)
    {
        JsonElement value = member.Value;
        switch (member.Name)
        {
            case "temperature":
                return sampling with { Temperature = reading.Number(value, "", member.Name, 0, 2) };
            case "top_p":
                return sampling with { TopP = reading.Number(value, "", member.Name, 0, 1) };
            case "top_k":
                return sampling with { TopK = reading.Whole(value, "", member.Name, -1, int.MaxValue) };
            case "frequency_penalty":
                return sampling with { FrequencyPenalty = reading.Number(value, "", member.Name, -2, 2) };
            case "presence_penalty":
                return sampling with { PresencePenalty = reading.Number(value, "", member.Name, -2, 2) };
            case "seed":
                return sampling with { Seed = reading.Whole(value, "", member.Name, long.MinValue, long.MaxValue) };
            case "logprobs":
                return sampling with { LogProbs = reading.Flag(value, "", member.Name) ?? false };
            case "top_logprobs":
                return sampling with { TopLogProbs = reading.Whole(value, "", member.Name, 0, 20) };
            case "logit_bias":
                return sampling with { LogitBias = reading.IsObject(value, "", member.Name) ? reading.Raw(value) : null };
            default:
                reading.Keep(member, "", IsHarmless(member) ? FieldWeight.Harmless : FieldWeight.Parameter);
                return sampling;
        }
    }

    /// <summary>Members about storage, accounting and caches, and values that ask for what happens anyway.</summary>
    private static bool IsHarmless(JsonProperty member) => member.Name switch
    {
        "metadata" or "prompt_cache_key" or "prompt_cache_retention" or "safety_identifier" or "caching" => true,
        "store" => member.Value.ValueKind == JsonValueKind.False,
        "service_tier" => member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals("auto"u8),
        "modalities" => member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() == 1
            && member.Value[0].ValueKind == JsonValueKind.String && member.Value[0].ValueEquals("text"u8),
        _ => false,
    };

    private static Reasoning? ReadEffort(JsonElement value, RequestReading reading)
    {
        string? word = reading.Text(value, "", "reasoning_effort");
        if (word is null)
        {
            return null;
        }

        if (EffortWords.TryRead(word) is { } effort)
        {
            return new Reasoning { Effort = effort };
        }

        reading.Fail(RequestMistake.BadValue("reasoning_effort", EffortWords.Expected));
        return null;
    }

    private static bool ReadIncludeUsage(JsonElement value, RequestReading reading)
    {
        bool includes = false;
        if (reading.IsObject(value, "", "stream_options"))
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (member.NameEquals("include_usage"u8))
                {
                    includes = reading.Flag(member.Value, "stream_options", member.Name) ?? false;
                }
                else
                {
                    reading.Keep(member, "stream_options", member.NameEquals("include_obfuscation"u8) ? FieldWeight.Harmless : FieldWeight.Parameter);
                }
            }
        }

        return includes;
    }
}
