using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Testing.ModelServers;

/// <summary><c>:embedContent</c> and <c>:batchEmbedContents</c>: a vector for each content. What they cost is not told.</summary>
internal sealed class GeminiEmbeddings(ServedCall call, string model, string version)
{
    private const int DimensionsMax = 3072;

    private const int ContentsMax = 100;

    public async Task ServeAsync(bool isBatch)
    {
        using JsonDocument document = call.Parse(GeminiWords.Instance);
        StrictObject body = new(document.RootElement, "", GeminiWords.Instance);
        JsonNode[] vectors = isBatch ? [.. ReadBatch(body)] : [Embed(body)];
        if (GeminiWire.RefusalOf(call.Bill!.Fault) is { } refusal) // ! Begun by the caller.
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (!await player.FailFirstAsync())
        {
            JsonObject answer = isBatch ? new() { ["embeddings"] = new JsonArray(vectors) } : new() { ["embedding"] = vectors[0] };
            await player.SendAsync(ServedCall.Json(answer), "application/json; charset=UTF-8");
            call.Bill.UsageTold = false;
        }
    }

    private List<JsonNode> ReadBatch(StrictObject body)
    {
        StrictObject[] requests = [.. body.Only("requests").Objects("requests")];
        if (requests.Length is 0 or > ContentsMax)
        {
            throw GeminiWords.Refuse($"* BatchEmbedContentsRequest.requests: at most {ContentsMax} requests can be in one batch");
        }

        foreach (StrictObject request in requests)
        {
            if (ModelFault.Split(request.Text("model")).Model != $"models/{model}")
            {
                throw GeminiWords.Refuse("* BatchEmbedContentsRequest.requests[0].model: model must match the model of the batch request");
            }
        }

        return [.. requests.Select(Embed)];
    }

    private JsonNode Embed(StrictObject request)
    {
        _ = version == "v1" ? request.Only("model", "content", "taskType", "title", "outputDimensionality")
            : request.Only("model", "content", "taskType", "title", "outputDimensionality", "embedContentConfig");
        StrictObject content = request.Object("content")?.Only("parts", "role") ?? throw GeminiWords.Instance.Missing("content");
        string[] texts = [.. content.Objects("parts").Select(part => part.Only("text").Text("text"))];
        if (texts.Length == 0 || texts.All(string.IsNullOrEmpty))
        {
            throw GeminiWords.Refuse("content is empty");
        }

        string text = string.Join(' ', texts);
        BilledCall bill = call.Bill!; // ! Begun by the caller.
        bill.Usage = bill.Usage with { UncachedInput = bill.Usage.UncachedInput + Words.Count(text) };
        int size = (int)(request.Whole("outputDimensionality", 1, DimensionsMax) ?? DimensionsMax);
        return new JsonObject { ["values"] = new JsonArray([.. Vectors.Of(text, size).Select(number => JsonValue.Create(number))]) };
    }
}
