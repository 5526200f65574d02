using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Files;

/// <summary>What a provider tells of an object that it keeps, as far as the gateway acts on it; the rest passes as it came.</summary>
/// <param name="Status">Of a batch; null: not told.</param>
/// <param name="OutputFile">Where the answers of a batch are; null: nowhere yet, or there are none.</param>
/// <param name="ErrorFile">Where the failures of a batch are; likewise.</param>
public sealed record ToldObject(string Id, string? Status, long Bytes, string Purpose, string? OutputFile, string? ErrorFile)
{
    /// <summary>True when a batch runs no more: what it used is in its files.</summary>
    public bool IsOver => Status is "completed" or "failed" or "expired" or "cancelled";

    /// <summary>Null when <paramref name="body"/> is no object with an id. Never throws.</summary>
    public static ToldObject? TryRead(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        JsonElement root = document?.RootElement ?? default;
        return JsonLookups.Text(root, "id"u8) is not { } id
            ? null
            : new ToldObject(
                id,
                JsonLookups.Text(root, "status"u8),
                root.TryGetProperty("bytes"u8, out JsonElement bytes) && bytes.ValueKind == JsonValueKind.Number && bytes.TryGetInt64(out long length) ? length : 0,
                JsonLookups.Text(root, "purpose"u8) ?? "",
                JsonLookups.Text(root, "output_file_id"u8),
                JsonLookups.Text(root, "error_file_id"u8));
    }
}
