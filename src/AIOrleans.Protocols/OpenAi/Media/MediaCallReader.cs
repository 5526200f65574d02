using System.Text;
using System.Text.Json;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Media;

/// <summary>Reads the facts of JSON calls that make images, speak, moderate or rank documents.</summary>
internal static class MediaCallReader
{
    /// <summary>The model that OpenAI takes where a moderation names none.</summary>
    public const string ModerationModel = "omni-moderation-latest";

    /// <summary>Most inputs or documents of one call: what the largest service takes.</summary>
    private const int InputsMax = 10_000;

    /// <summary>Tokens of a document that count as one, and documents of one search. Source: docs.cohere.com/docs/rate-limits, "search unit".</summary>
    private const long TokensPerDocument = 500;
    private const long DocumentsPerSearch = 100;

    private static readonly string[] Guarded = ["model", "n", "stream", "stream_format", "input", "prompt", "query", "documents", "images", "mask"];

    public static CallFacts Read(JsonElement root, ReadOnlyMemory<byte> body, WireFormat format, RequestReading reading)
    {
        GuardedNames.Check(root, Guarded, reading);
        CallFacts call = NamedCall(root, body, format, reading);
        return format switch
        {
            WireFormat.OpenAiImages or WireFormat.OpenAiImageEdits => OfImages(root, call, reading),
            WireFormat.OpenAiSpeech => OfSpeech(root, call, reading),
            WireFormat.OpenAiModerations => OfModeration(root, call, reading),
            WireFormat.Rerank => OfRanking(root, call, reading),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No reader of this format."),
        };
    }

    private static CallFacts NamedCall(JsonElement root, ReadOnlyMemory<byte> body, WireFormat format, RequestReading reading)
    {
        var call = new CallFacts { Format = format, Body = body, Model = ModerationModel, InputBytes = body.Length };
        if (format == WireFormat.OpenAiModerations && !root.TryGetProperty("model"u8, out _))
        {
            return call with { ModelInsertAt = body.Span.IndexOf((byte)'{') + 1 };
        }

        string model = reading.NeededText(root, "", "model");
        reading.CheckModel(model, "model");
        return call with { Model = model, ModelValue = root.TryGetProperty("model"u8, out JsonElement value) ? JsonInput.PlaceOf(value, body) : default };
    }

    private static CallFacts OfImages(JsonElement root, CallFacts call, RequestReading reading)
    {
        InputTally tally = new();
        if (root.TryGetProperty("images"u8, out JsonElement images) && reading.IsArray(images, "", "images"))
        {
            foreach (JsonElement image in images.EnumerateArray())
            {
                tally.AddImage(image.ValueKind == JsonValueKind.Object && image.TryGetProperty("image_url"u8, out JsonElement url) ? url : default);
            }
        }

        if (root.TryGetProperty("mask"u8, out JsonElement mask) && mask.ValueKind != JsonValueKind.Null)
        {
            tally.AddImage(mask.ValueKind == JsonValueKind.Object && mask.TryGetProperty("image_url"u8, out JsonElement url) ? url : default);
        }

        int n = (int)(root.TryGetProperty("n"u8, out JsonElement count) ? reading.Whole(count, "", "n", 1, HoldSizing.ChoicesMax) ?? 1 : 1);
        n = Math.Clamp(n, 1, HoldSizing.ChoicesMax);
        return call with
        {
            N = n,
            Stream = root.TryGetProperty("stream"u8, out JsonElement flag) && (reading.Flag(flag, "", "stream") ?? false),
            ImageCount = tally.Images,
            InputBytes = call.Body.Length - tally.PayloadBytes,
            TextBytes = TextBytesOf(root, "prompt"u8),
            Units = new UsageUnits { ImagesMade = n },
            LikelyUnits = new UsageUnits { ImagesMade = n },
        };
    }

    private static CallFacts OfSpeech(JsonElement root, CallFacts call, RequestReading reading)
    {
        string input = reading.NeededText(root, "", "input");
        string format = root.TryGetProperty("stream_format"u8, out JsonElement value) ? reading.Text(value, "", "stream_format") ?? "audio" : "audio";
        if (format is not ("audio" or "sse"))
        {
            reading.Fail(RequestMistake.BadValue("stream_format", "'audio' or 'sse'"));
        }

        long characters = 0;
        foreach (Rune _ in input.EnumerateRunes())
        {
            characters++;
        }

        var units = new UsageUnits { Characters = characters };
        return call with { Stream = format == "sse", TextBytes = Encoding.UTF8.GetByteCount(input), Units = units, LikelyUnits = units };
    }

    private static CallFacts OfModeration(JsonElement root, CallFacts call, RequestReading reading)
    {
        InputTally tally = new();
        int inputs = 1;
        if (!root.TryGetProperty("input"u8, out JsonElement input) || input.ValueKind == JsonValueKind.Null)
        {
            reading.Fail(RequestMistake.Missing("input"));
        }
        else if (input.ValueKind == JsonValueKind.Array)
        {
            inputs = CountOf(input, "input", reading);
            foreach (JsonElement item in input.EnumerateArray())
            {
                Add(item, tally);
            }
        }
        else
        {
            tally.AddText(input);
        }

        return call with
        {
            MaxOutputTokens = 0,
            Inputs = inputs,
            ImageCount = tally.Images,
            InputBytes = call.Body.Length - tally.PayloadBytes,
            TextBytes = tally.TextBytes,
        };
    }

    private static void Add(JsonElement item, InputTally tally)
    {
        if (item.ValueKind == JsonValueKind.Object && JsonLookups.Object(item, "image_url"u8) is { ValueKind: JsonValueKind.Object } image)
        {
            tally.AddImage(image.TryGetProperty("url"u8, out JsonElement url) ? url : default);
        }
        else
        {
            tally.AddText(item.ValueKind == JsonValueKind.Object && item.TryGetProperty("text"u8, out JsonElement text) ? text : item);
        }
    }

    private static CallFacts OfRanking(JsonElement root, CallFacts call, RequestReading reading)
    {
        long queryBytes = Encoding.UTF8.GetByteCount(reading.NeededText(root, "", "query"));
        int count = 1;
        long parts = 0;
        bool readsMore = false;
        if (!root.TryGetProperty("documents"u8, out JsonElement documents) || documents.ValueKind == JsonValueKind.Null)
        {
            reading.Fail(RequestMistake.Missing("documents"));
        }
        else if (reading.IsArray(documents, "", "documents"))
        {
            count = CountOf(documents, "documents", reading);
            foreach (JsonElement document in documents.EnumerateArray())
            {
                // No token is shorter than a byte, and long documents count once for each part of so many tokens.
                long bytes = JsonInput.PlaceOf(document, call.Body).Length + queryBytes;
                parts += (bytes + TokensPerDocument - 1) / TokensPerDocument;
                readsMore |= document.ValueKind == JsonValueKind.Object && !document.TryGetProperty("text"u8, out _);
            }
        }

        return call with
        {
            MaxOutputTokens = 0,
            Inputs = Math.Max(count, 1),
            ReadsMore = readsMore,

            // Services that charge tokens read the query again with every document.
            InputBytes = call.Body.Length + (queryBytes * Math.Max(count, 1)),
            TextBytes = call.Body.Length,
            Units = new UsageUnits { SearchUnits = Math.Max(1, SearchesOf(parts)) },
            LikelyUnits = new UsageUnits { SearchUnits = Math.Max(1, SearchesOf(count)) },
        };
    }

    private static int CountOf(JsonElement array, string name, RequestReading reading)
    {
        int count = array.GetArrayLength();
        if (count is 0 or > InputsMax)
        {
            reading.Fail(count == 0 ? RequestMistake.EmptyArray(name) : RequestMistake.TooMany(name, InputsMax));
        }

        return Math.Clamp(count, 1, InputsMax);
    }

    private static long SearchesOf(long documents) => (documents + DocumentsPerSearch - 1) / DocumentsPerSearch;

    private static long TextBytesOf(JsonElement root, ReadOnlySpan<byte> name)
    {
        InputTally tally = new();
        if (root.TryGetProperty(name, out JsonElement text))
        {
            tally.AddText(text);
        }

        return tally.TextBytes;
    }
}
