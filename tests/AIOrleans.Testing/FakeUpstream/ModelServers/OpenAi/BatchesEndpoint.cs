using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Testing.ModelServers;

/// <summary><c>/batches</c>: the calls of a batch are made at this very server when it is looked at for the second time, so that its invoice has each of them.</summary>
internal sealed class BatchesEndpoint(ServedCall call)
{
    private static readonly string[] Endpoints = ["/v1/chat/completions", "/v1/responses", "/v1/completions", "/v1/embeddings"];

    private static readonly HttpClient Self = new();

    private KeptObjects Kept => call.Memory.Kept;

    /// <param name="rest">The path behind <c>/batches</c>.</param>
    public Task ServeAsync(string rest)
    {
        string[] parts = rest.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (call.Http.Request.Method, parts) switch
        {
            ("POST", []) => CreateAsync(),
            ("GET", []) => call.SendAsync(200, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. Kept.Batches.Values.Select(batch => batch.ToJson())]), ["has_more"] = false }),
            ("GET", [var id]) => LookAsync(Find(id)),
            ("POST", [var id, "cancel"]) => CancelAsync(Find(id)),
            _ => throw new WireRefusalException(404, OpenAiWords.Invalid, $"Invalid URL ({call.Http.Request.Method} {call.Path})"),
        };
    }

    private KeptBatch Find(string id) =>
        Kept.Batches.GetValueOrDefault(id) ?? throw new WireRefusalException(404, OpenAiWords.Invalid, $"No batch found with id '{id}'.");

    private async Task CreateAsync()
    {
        using JsonDocument document = call.Parse(OpenAiWords.Instance);
        StrictObject body = new StrictObject(document.RootElement, "", OpenAiWords.Instance).Only("input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after");
        KeptFile input = Kept.Files.GetValueOrDefault(body.Text("input_file_id")) ?? throw OpenAiWords.Refuse("The input file does not exist.", "input_file_id");
        string endpoint = body.Text("endpoint");
        if (input.Purpose != "batch" || !Endpoints.Contains(endpoint) || body.Text("completion_window") != "24h")
        {
            throw OpenAiWords.Refuse("Invalid value: a batch needs a file of the purpose 'batch', a known endpoint and a completion_window of '24h'.");
        }

        KeptBatch batch = new("batch_" + call.Id, input, endpoint, body.Any("metadata") is { } metadata ? JsonNode.Parse(metadata.GetRawText()) : null);
        if ((string?)batch.ToJson()["metadata"]?["refuses"] is { } status)
        {
            throw OpenAiWire.RefusalOf(new ModelFault(FaultKind.Refuses, int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)))!; // ! A status refuses.
        }

        Kept.Batches[batch.Id] = batch;
        await call.SendAsync(200, batch.ToJson());
    }

    private Task CancelAsync(KeptBatch batch)
    {
        if (batch.IsOver)
        {
            throw new WireRefusalException(409, OpenAiWords.Invalid, $"Cannot cancel a batch with status '{batch.Status}'.");
        }

        batch.Status = "cancelling";
        return call.SendAsync(200, batch.ToJson());
    }

    private async Task LookAsync(KeptBatch batch)
    {
        await batch.Turn.WaitAsync();
        try
        {
            if (batch.IsDue())
            {
                await RunAsync(batch);
            }
            else if (batch.Status == "validating")
            {
                batch.Status = "in_progress";
            }
        }
        finally
        {
            batch.Turn.Release();
        }

        await call.SendAsync(200, batch.ToJson());
    }

    private async Task RunAsync(KeptBatch batch)
    {
        string end = batch.Status == "cancelling" ? "cancelled" : batch.Ends;
        IReadOnlyList<JsonElement> calls = batch.Calls();
        int count = end switch { "completed" => calls.Count, "failed" => 0, _ => calls.Count / 2 };
        StringBuilder answered = new();
        StringBuilder failed = new();
        foreach (JsonElement line in calls.Take(count))
        {
            (int status, string body) = await AskAsync(line);
            bool isGood = status == 200;
            JsonObject outcome = new()
            {
                ["id"] = "batch_req_" + Guid.NewGuid().ToString("N"),
                ["custom_id"] = line.GetProperty("custom_id").GetString(),
                ["response"] = new JsonObject { ["status_code"] = status, ["request_id"] = "req_1", ["body"] = JsonNode.Parse(body) },
                ["error"] = null,
            };
            (isGood ? answered : failed).Append(ServedCall.Json(outcome)).Append('\n');
            batch.Completed += isGood ? 1 : 0;
            batch.Failed += isGood ? 0 : 1;
        }

        batch.OutputFile = Keep(answered, "output");
        batch.ErrorFile = Keep(failed, "error");
        batch.Status = end;
    }

    private string? Keep(StringBuilder lines, string name)
    {
        if (lines.Length == 0)
        {
            return null;
        }

        KeptFile made = new("file-" + Guid.NewGuid().ToString("N"), $"batch_{name}.jsonl", "batch_output", Encoding.UTF8.GetBytes(lines.ToString()));
        Kept.Files[made.Id] = made;
        return made.Id;
    }

    private async Task<(int Status, string Body)> AskAsync(JsonElement line)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"http://{call.Http.Request.Host}{line.GetProperty("url").GetString()}")
        {
            Content = new StringContent(line.GetProperty("body").GetRawText(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ModelServer.ApiKey);
        using HttpResponseMessage response = await Self.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
