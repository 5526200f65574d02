using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini.Embeddings;

/// <summary>Reads the whole body of <c>:embedContent</c> or <c>:batchEmbedContents</c> into the canonical model.</summary>
internal static class GeminiEmbeddingsRequestReader
{
    /// <summary>Contents of one call, as at Google.</summary>
    internal const int InputsMax = 100;

    public static CanonicalRequest Read(JsonElement root, WireFormat format, CallAddress address, RequestReading reading)
    {
        List<ChatPart.Text> inputs = [];
        long? dimensions = null;
        if (format == WireFormat.GeminiEmbedContent)
        {
            dimensions = ReadOne(root, "", reading, inputs);
        }
        else
        {
            GeminiMembers members = GeminiMembers.Of(root, "", reading);
            members.KeepOthers("", reading, "requests", "model");
            dimensions = ReadAll(members["requests"], reading, inputs);
        }

        if (inputs.Count == 0 && !reading.Unknown.Any(field => field.Weight == FieldWeight.Content))
        {
            reading.Fail(RequestMistake.Missing(format == WireFormat.GeminiEmbedContent ? "content" : "requests"));
        }

        return new CanonicalRequest
        {
            Client = format,
            Model = address.Model,
            Messages = [],
            Embedding = new EmbeddingAsk([.. inputs]) { Dimensions = dimensions },
            Unknown = reading.Unknown,
        };
    }

    private static long? ReadAll(JsonElement requests, RequestReading reading, List<ChatPart.Text> inputs)
    {
        if (requests.ValueKind == JsonValueKind.Undefined || !reading.IsArray(requests, "", "requests"))
        {
            return null;
        }

        if (requests.GetArrayLength() > InputsMax)
        {
            reading.Fail(RequestMistake.TooMany("requests", InputsMax));
            return null;
        }

        long? dimensions = null;
        int index = 0;
        foreach (JsonElement one in requests.EnumerateArray())
        {
            string path = RequestReading.At("requests", index);
            if (!reading.IsObject(one, path, ""))
            {
                continue;
            }

            long? own = ReadOne(one, path, reading, inputs);
            if (index++ > 0 && own != dimensions)
            {
                reading.KeepContent(one, $"{path}.outputDimensionality", "makes vectors of one size in a call");
            }

            dimensions = own;
        }

        return dimensions;
    }

    /// <summary>Reads one content to be embedded, and returns the size of its vector.</summary>
    private static long? ReadOne(JsonElement one, string path, RequestReading reading, List<ChatPart.Text> inputs)
    {
        GeminiMembers members = GeminiMembers.Of(one, path, reading);
        members.KeepOthers(path, reading, "model", "content", "outputDimensionality");
        string own = RequestReading.Join(path, "content");
        if (!members.Has("content"))
        {
            reading.Fail(RequestMistake.Missing(own));
        }
        else if (reading.IsObject(members["content"], path, "content"))
        {
            GeminiMembers content = GeminiMembers.Of(members["content"], own, reading);
            content.KeepOthers(own, reading, "parts", "role");
            ImmutableArray<ChatPart> parts = GeminiPartsReader.ReadParts(content["parts"], own, reading, new GeminiCallIds("e"));
            if (parts is [ChatPart.Text text])
            {
                inputs.Add(text);
            }
            else
            {
                reading.KeepContent(members["content"], own, "makes a vector of one text");
            }
        }

        return members.Has("outputDimensionality") ? reading.Whole(members["outputDimensionality"], path, "outputDimensionality", 1, int.MaxValue) : null;
    }
}
