using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini.Embeddings;

/// <summary>Reads the facts of <c>:embedContent</c> and <c>:batchEmbedContents</c>.</summary>
internal static class GeminiEmbeddingsCallReader
{
    public static CallFacts Read(JsonElement root, ReadOnlyMemory<byte> body, WireFormat format, CallAddress address, RequestReading reading)
    {
        reading.CheckModel(address.Model, "model");
        InputTally tally = new();
        ImmutableArray<BodySpan>.Builder models = ImmutableArray.CreateBuilder<BodySpan>();
        int count = 0;
        GeminiMembers members = GeminiMembers.Of(root, "", reading);
        if (format == WireFormat.GeminiEmbedContent)
        {
            count = Walk(members, "", body, reading, tally, models);
        }
        else if (members.Has("requests") && reading.IsArray(members["requests"], "", "requests"))
        {
            foreach (JsonElement one in members["requests"].EnumerateArray())
            {
                string path = RequestReading.At("requests", count);
                count += reading.IsObject(one, path, "") ? Walk(GeminiMembers.Of(one, path, reading), path, body, reading, tally, models) : 0;
            }
        }

        if (count == 0)
        {
            reading.Fail(RequestMistake.Missing(format == WireFormat.GeminiEmbedContent ? "content" : "requests"));
        }

        return new CallFacts
        {
            Format = format,
            Body = body,
            Model = address.Model,
            MaxOutputTokens = 0,
            Inputs = Math.Max(count, 1),
            ImageCount = tally.Images,
            AudioCount = tally.Sounds,
            FileCount = tally.Files,
            ReadsMore = tally.ReadsMore,
            InputBytes = body.Length - tally.PayloadBytes,
            TextBytes = tally.TextBytes,
            ModelNames = models.ToImmutable(),
        };
    }

    /// <summary>Reads one content; 1 when there is one, else 0.</summary>
    private static int Walk(
        GeminiMembers one, string path, ReadOnlyMemory<byte> body, RequestReading reading, InputTally tally, ImmutableArray<BodySpan>.Builder models)
    {
        if (one["model"] is { ValueKind: JsonValueKind.String } model)
        {
            models.Add(JsonInput.PlaceOf(model, body));
        }

        if (!one.Has("content") || !reading.IsObject(one["content"], path, "content"))
        {
            return 0;
        }

        GeminiCallReader.WalkParts(GeminiMembers.Of(one["content"], path, reading)["parts"], path, reading, tally);
        return 1;
    }
}
