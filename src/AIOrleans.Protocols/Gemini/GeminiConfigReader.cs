using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Reads <c>generationConfig</c>.</summary>
internal static class GeminiConfigReader
{
    private const string Path = "generationConfig";

    private const int StopsMax = 64;

    private const int CandidatesMax = 128;

    public static CanonicalRequest Read(CanonicalRequest request, JsonElement config, RequestReading reading)
    {
        GeminiMembers members = GeminiMembers.Of(config, Path, reading);
        foreach ((string name, JsonElement value) in members)
        {
            request = name switch
            {
                "candidateCount" => request with { N = (int)(reading.Whole(value, Path, name, 1, CandidatesMax) ?? 1) },
                "maxOutputTokens" => request with { MaxOutputTokens = reading.Whole(value, Path, name, 1, int.MaxValue) },
                "stopSequences" => request with { Stop = reading.Texts(value, Path, name, StopsMax) },
                "thinkingConfig" => request with { Reasoning = ReadThinking(value, reading) },
                "responseMimeType" or "responseSchema" or "responseJsonSchema" or "_responseJsonSchema" => request,
                "responseModalities" when IsText(value) => request,
                _ => request with { Sampling = ReadSampling(request.Sampling, name, value, reading) },
            };
        }

        return request with { Format = ReadFormat(members, reading) };
    }

    private static Sampling ReadSampling(Sampling sampling, string name, JsonElement value, RequestReading reading)
    {
        switch (name)
        {
            case "temperature":
                return sampling with { Temperature = reading.Number(value, Path, name, 0, 2) };
            case "topP":
                return sampling with { TopP = reading.Number(value, Path, name, 0, 1) };
            case "topK":
                return sampling with { TopK = (long?)reading.Number(value, Path, name, 0, int.MaxValue) };
            case "frequencyPenalty":
                return sampling with { FrequencyPenalty = reading.Number(value, Path, name, -2, 2) };
            case "presencePenalty":
                return sampling with { PresencePenalty = reading.Number(value, Path, name, -2, 2) };
            case "seed":
                return sampling with { Seed = reading.Whole(value, Path, name, int.MinValue, int.MaxValue) };
            case "responseLogprobs":
                return sampling with { LogProbs = reading.Flag(value, Path, name) ?? false };
            case "logprobs":
                return sampling with { TopLogProbs = reading.Whole(value, Path, name, 0, 20) };
            default:
                reading.Keep(name, value, Path, FieldWeight.Parameter);
                return sampling;
        }
    }

    private static bool IsText(JsonElement modalities) =>
        modalities.ValueKind == JsonValueKind.Array && modalities.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String && one.ValueEquals("TEXT"u8));

    private static Reasoning? ReadThinking(JsonElement value, RequestReading reading)
    {
        if (!reading.IsObject(value, Path, "thinkingConfig"))
        {
            return null;
        }

        string path = $"{Path}.thinkingConfig";
        Reasoning reasoning = new();
        foreach ((string name, JsonElement own) in GeminiMembers.Of(value, path, reading))
        {
            switch (name)
            {
                case "thinkingBudget":
                    // -1 leaves it to the model, as not saying does.
                    long? budget = reading.Whole(own, path, name, -1, int.MaxValue);
                    reasoning = reasoning with { BudgetTokens = budget < 0 ? null : budget };
                    break;
                case "includeThoughts":
                    reasoning = reasoning with { Show = reading.Flag(own, path, name) };
                    break;
                case "thinkingLevel":
                    Effort? effort = EffortWords.TryRead((reading.Text(own, path, name) ?? "").ToLowerInvariant());
                    if (effort is null)
                    {
                        reading.Fail(RequestMistake.BadValue($"{path}.{name}", "one of 'minimal', 'low', 'medium' and 'high'"));
                    }

                    reasoning = reasoning with { Effort = effort };
                    break;
                default:
                    reading.Keep(name, own, path, FieldWeight.Parameter);
                    break;
            }
        }

        return reasoning;
    }

    private static OutputFormat? ReadFormat(GeminiMembers members, RequestReading reading)
    {
        string? type = members.Text(Path, "responseMimeType", reading);
        if (type is null or "text/plain")
        {
            return null;
        }

        if (type != "application/json")
        {
            reading.Keep("responseMimeType", members["responseMimeType"], Path, FieldWeight.Parameter);
            return null;
        }

        foreach (string name in (ReadOnlySpan<string>)["responseJsonSchema", "_responseJsonSchema"])
        {
            if (members.Has(name) && reading.IsObject(members[name], Path, name))
            {
                return OutputFormats.OfSchema(reading.Raw(members[name]));
            }
        }

        return members.Has("responseSchema") && reading.IsObject(members["responseSchema"], Path, "responseSchema")
            ? OutputFormats.OfSchema(GeminiSchema.ToJsonSchema(members["responseSchema"]))
            : new OutputFormat(null);
    }
}
