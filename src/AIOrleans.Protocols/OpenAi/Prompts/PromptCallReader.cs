using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Prompts;

/// <summary>Reads the facts of <c>POST /v1/completions</c> and <c>POST /v1/embeddings</c>, whose input is a text, a list of texts, or tokens.</summary>
internal static class PromptCallReader
{
    /// <summary>Answers of one call: every prompt times every choice.</summary>
    private const int AnswersMax = 128;

    private static readonly string[] Guarded = ["model", "prompt", "input", "stream", "stream_options", "max_tokens", "n", "best_of", "service_tier"];

    public static CallFacts Read(JsonElement root, ReadOnlyMemory<byte> body, WireFormat format, RequestReading reading)
    {
        GuardedNames.Check(root, Guarded, reading);
        bool isEmbedding = format == WireFormat.OpenAiEmbeddings;
        string model = reading.NeededText(root, "", "model");
        reading.CheckModel(model, "model");
        string name = isEmbedding ? "input" : "prompt";
        InputTally tally = new();
        long prompts = CountPrompts(root, name, reading, tally);
        long choices = isEmbedding ? 1 : Math.Max(Whole(root, "n", reading) ?? 1, Whole(root, "best_of", reading) ?? 1);
        long answers = isEmbedding ? 1 : prompts * choices;
        if (answers > AnswersMax)
        {
            reading.Fail(RequestMistake.AboveMax(choices > 1 ? "n" : name, AnswersMax, answers));
            answers = AnswersMax;
        }

        bool stream = !isEmbedding && root.TryGetProperty("stream"u8, out JsonElement flag) && (reading.Flag(flag, "", "stream") ?? false);
        StreamOptions options = OptionsOf(root, body, reading);
        BodySpan modelValue = root.TryGetProperty("model"u8, out JsonElement value) ? JsonInput.PlaceOf(value, body) : default;
        return new CallFacts
        {
            Format = format,
            Body = body,
            Model = model,
            Stream = stream,
            IncludeUsageAsked = options.IncludeUsage,
            MaxOutputTokens = isEmbedding ? 0 : Whole(root, "max_tokens", reading),
            Service = ServiceTiers.OfWire(JsonLookups.Text(root, "service_tier"u8)),
            N = (int)answers,
            Inputs = (int)Math.Min(prompts, int.MaxValue),
            InputBytes = body.Length,
            TextBytes = tally.TextBytes,
            ModelValue = modelValue,
            Patchable = new StreamPatch(body, model, modelValue, stream, options),
        };
    }

    /// <summary>One for a text or a list of tokens, else the length of the list.</summary>
    private static long CountPrompts(JsonElement root, string name, RequestReading reading, InputTally tally)
    {
        if (!root.TryGetProperty(name, out JsonElement input) || input.ValueKind == JsonValueKind.Null)
        {
            reading.Fail(RequestMistake.Missing(name));
            return 1;
        }

        if (input.ValueKind == JsonValueKind.String)
        {
            tally.AddText(input);
            return 1;
        }

        if (input.ValueKind != JsonValueKind.Array)
        {
            reading.WrongType(input, "", name, "a string or an array");
            return 1;
        }

        if (input.GetArrayLength() == 0)
        {
            reading.Fail(RequestMistake.EmptyArray(name));
            return 1;
        }

        foreach (JsonElement item in input.EnumerateArray())
        {
            tally.AddText(item);
        }

        return input[0].ValueKind == JsonValueKind.Number ? 1 : input.GetArrayLength();
    }

    private static long? Whole(JsonElement root, string name, RequestReading reading) =>
        root.TryGetProperty(name, out JsonElement value) ? reading.Whole(value, "", name, name == "max_tokens" ? 0 : 1, int.MaxValue) : null;

    private static StreamOptions OptionsOf(JsonElement root, ReadOnlyMemory<byte> body, RequestReading reading)
    {
        if (!root.TryGetProperty("stream_options"u8, out JsonElement options))
        {
            return default;
        }

        BodySpan place = JsonInput.PlaceOf(options, body);
        if (!reading.IsObject(options, "", "stream_options"))
        {
            return new StreamOptions(place, IsObject: false, IsEmpty: true, null, IncludeUsage: false);
        }

        bool has = options.TryGetProperty("include_usage"u8, out JsonElement include);
        bool asked = has && (reading.Flag(include, "stream_options", "include_usage") ?? false);
        return new StreamOptions(place, IsObject: true, options.GetPropertyCount() == 0, has ? JsonInput.PlaceOf(include, body) : null, asked);
    }
}
