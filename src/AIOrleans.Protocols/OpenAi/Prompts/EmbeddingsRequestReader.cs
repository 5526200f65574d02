using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Prompts;

/// <summary>Reads the whole body of <c>POST /v1/embeddings</c> into the canonical model.</summary>
internal static class EmbeddingsRequestReader
{
    /// <summary>Texts of one call, as at OpenAI.</summary>
    private const int InputsMax = 2048;

    public static CanonicalRequest Read(JsonElement root, RequestReading reading)
    {
        string? user = null;
        EmbeddingAsk ask = new([]);
        foreach (JsonProperty member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "model":
                    break;
                case "input":
                    ask = ask with { Inputs = ReadInputs(member.Value, reading) };
                    break;
                case "dimensions":
                    ask = ask with { Dimensions = reading.Whole(member.Value, "", member.Name, 1, int.MaxValue) };
                    break;
                case "encoding_format":
                    ask = ask with { AsBase64 = ReadFormat(member.Value, reading) };
                    break;
                case "user":
                    user = reading.Text(member.Value, "", member.Name);
                    break;
                default:
                    reading.Keep(member, "");
                    break;
            }
        }

        if (ask.Inputs.IsEmpty && !reading.Unknown.Any(field => field.Weight == FieldWeight.Content))
        {
            reading.Fail(RequestMistake.Missing("input"));
        }

        return new CanonicalRequest
        {
            Client = WireFormat.OpenAiEmbeddings,
            Model = reading.NeededText(root, "", "model"),
            Messages = [],
            Embedding = ask,
            User = user,
            Unknown = reading.Unknown,
        };
    }

    private static ImmutableArray<ChatPart.Text> ReadInputs(JsonElement value, RequestReading reading)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return [new ChatPart.Text(value.GetString() ?? "") { Path = "input" }];
        }

        if (!reading.IsArray(value, "", "input"))
        {
            return [];
        }

        if (value.GetArrayLength() > 0 && value[0].ValueKind is JsonValueKind.Number or JsonValueKind.Array)
        {
            reading.KeepContent(value, "input", "reads text, not the numbers of tokens");
            return [];
        }

        ImmutableArray<string> texts = reading.Texts(value, "", "input", InputsMax);
        return [.. texts.Select((text, index) => new ChatPart.Text(text) { Path = RequestReading.At("input", index) })];
    }

    private static bool ReadFormat(JsonElement value, RequestReading reading)
    {
        string? word = reading.Text(value, "", "encoding_format");
        if (word is not (null or "float" or "base64"))
        {
            reading.Fail(RequestMistake.BadValue("encoding_format", "'float' or 'base64'"));
        }

        return word == "base64";
    }
}
