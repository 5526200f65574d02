using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary><c>POST /embeddings</c>: a vector of length one for each text, always the same for the same.</summary>
internal sealed class EmbeddingsEndpoint(ServedCall call)
{
    private const int DimensionsMax = 1536;

    private const int InputsMax = 2048;

    public async Task ServeAsync(string? deployment)
    {
        using JsonDocument document = call.Parse(OpenAiWords.Instance);
        StrictObject body = new StrictObject(document.RootElement, "", OpenAiWords.Instance).Only("model", "input", "encoding_format", "dimensions", "user");
        string model = OpenAiModels.Begin(call, deployment ?? body.Text("model"), OpenAiModels.Embedding);
        bool isBase64 = body.Choice("encoding_format", "float", "base64") == "base64";
        int dimensions = (int)(body.Whole("dimensions", 1, DimensionsMax) ?? DimensionsMax);
        List<(string Text, long Tokens)> inputs = Inputs(body);
        if (OpenAiWire.RefusalOf(call.Bill!.Fault) is { } refusal) // ! Begun above.
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (await player.FailFirstAsync())
        {
            return;
        }

        long tokens = inputs.Sum(input => input.Tokens);
        call.Bill.Usage = new TokenUsage { UncachedInput = tokens };
        OpenAiWire.TellLimits(call);
        JsonObject answer = new()
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. inputs.Select((input, index) => ToItem(index, Vectors.Of(input.Text, dimensions), isBase64))]),
            ["model"] = model,
        };
        if (call.Bill.Fault.Kind != FaultKind.HidesUsage)
        {
            answer["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens };
        }

        await player.SendAsync(ServedCall.Json(answer));
    }

    private static JsonObject ToItem(int index, float[] vector, bool isBase64)
    {
        if (!isBase64)
        {
            return new JsonObject { ["object"] = "embedding", ["index"] = index, ["embedding"] = new JsonArray([.. vector.Select(number => JsonValue.Create(number))]) };
        }

        byte[] bytes = new byte[vector.Length * 4];
        for (int at = 0; at < vector.Length; at++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at * 4), vector[at]);
        }

        return new JsonObject { ["object"] = "embedding", ["index"] = index, ["embedding"] = Convert.ToBase64String(bytes) };
    }

    private static List<(string Text, long Tokens)> Inputs(StrictObject body)
    {
        JsonElement input = body.Needed("input");
        List<(string Text, long Tokens)> inputs = input.ValueKind switch
        {
            JsonValueKind.String => [OfText(input)],
            JsonValueKind.Array when input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number => [(input.GetRawText(), input.GetArrayLength())],
            JsonValueKind.Array => [.. input.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Array ? (item.GetRawText(), item.GetArrayLength()) : OfText(item))],
            _ => throw OpenAiWords.Instance.WrongType("input", "a string or an array", StrictObject.NameOf(input)),
        };
        return inputs.Count is > 0 and <= InputsMax ? inputs : throw OpenAiWords.Refuse("'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.");
    }

    private static (string Text, long Tokens) OfText(JsonElement item) =>
        item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text ? (text, Words.Count(text)) : throw OpenAiWords.Refuse("'$.input' is invalid.");
}
