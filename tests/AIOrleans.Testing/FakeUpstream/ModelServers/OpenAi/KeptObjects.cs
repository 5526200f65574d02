using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Files and batches that a server keeps. Thread-safe.</summary>
internal sealed class KeptObjects
{
    public ConcurrentDictionary<string, KeptFile> Files { get; } = new();

    public ConcurrentDictionary<string, KeptBatch> Batches { get; } = new();
}

/// <summary>A file.</summary>
internal sealed record KeptFile(string Id, string Name, string Purpose, byte[] Bytes)
{
    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["object"] = "file",
        ["bytes"] = Bytes.Length,
        ["created_at"] = OpenAiWire.CreatedAt,
        ["filename"] = Name,
        ["purpose"] = Purpose,
        ["status"] = "processed",
        ["expires_at"] = null,
        ["status_details"] = null,
    };
}

/// <summary>A batch: it is looked at twice before it is over.</summary>
internal sealed class KeptBatch(string id, KeptFile input, string endpoint, JsonNode? metadata)
{
    private int looks;

    public string Id => id;

    public KeptFile Input => input;

    public string Endpoint => endpoint;

    public SemaphoreSlim Turn { get; } = new(1, 1);

    public string Status { get; set; } = "validating";

    public string? OutputFile { get; set; }

    public string? ErrorFile { get; set; }

    public int Completed { get; set; }

    public int Failed { get; set; }

    /// <summary>How it is to end, which a test says in the metadata: <c>expired</c> and <c>cancelled</c> with half of the calls, <c>failed</c> with none, <c>never</c>.</summary>
    public string Ends => (string?)metadata?["ends"] ?? "completed";

    public bool IsOver => Status is "completed" or "failed" or "expired" or "cancelled";

    public bool IsDue() => !IsOver && ++looks >= 2 && (Ends != "never" || Status == "cancelling");

    public IReadOnlyList<JsonElement> Calls() =>
        [.. System.Text.Encoding.UTF8.GetString(input.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["object"] = "batch",
        ["endpoint"] = Endpoint,
        ["errors"] = null,
        ["input_file_id"] = Input.Id,
        ["completion_window"] = "24h",
        ["status"] = Status,
        ["output_file_id"] = OutputFile,
        ["error_file_id"] = ErrorFile,
        ["created_at"] = OpenAiWire.CreatedAt,
        ["request_counts"] = new JsonObject { ["total"] = Completed + Failed, ["completed"] = Completed, ["failed"] = Failed },
        ["metadata"] = metadata?.DeepClone(),
    };
}
