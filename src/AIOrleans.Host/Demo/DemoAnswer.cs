using System.Globalization;
using System.Text.Json;

namespace AIOrleans.Host.Demo;

/// <summary>A complete answer of the data plane.</summary>
internal sealed record DemoAnswer(int Status, IReadOnlyDictionary<string, string> Headers, JsonElement Body, TimeSpan Took)
{
    public string Text => Body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "";

    public JsonElement Error => Body.GetProperty("error");

    public string ErrorMessage => Error.GetProperty("message").GetString() ?? "";

    /// <summary>From the header; zero when there is none.</summary>
    public decimal CostUsd => decimal.TryParse(Header("x-aiorleans-cost-usd"), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal cost) ? cost : 0;

    /// <summary>Provider calls made for it; zero when the header is missing.</summary>
    public int Attempts => int.TryParse(Header("x-aiorleans-attempts"), CultureInfo.InvariantCulture, out int attempts) ? attempts : 0;

    /// <summary>A header's value; empty when it is missing.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name) ?? "";

    /// <summary>Everything that helps when a claim about it did not hold.</summary>
    public override string ToString() =>
        $"status {Status}, headers {string.Join(", ", Headers.Select(header => $"{header.Key}: {header.Value}"))}, body {Body.GetRawText()}";
}

/// <summary>An event of a streamed answer.</summary>
/// <param name="Word">Text to append; may be empty.</param>
/// <param name="Usage">Of the last event but one; null otherwise.</param>
internal sealed record DemoPiece(string Word, DemoTokens? Usage, bool IsDone)
{
    public static DemoPiece Read(string json)
    {
        using JsonDocument chunk = JsonDocument.Parse(json);
        JsonElement choices = chunk.RootElement.GetProperty("choices");
        string word = choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out JsonElement content)
            ? content.GetString() ?? ""
            : "";
        return new DemoPiece(word, DemoTokens.Of(chunk.RootElement), IsDone: false);
    }
}

/// <summary>Tokens of one call.</summary>
internal sealed record DemoTokens(long Input, long Output)
{
    /// <summary>Reads <c>usage</c> of an answer or event; null where it is absent.</summary>
    public static DemoTokens? Of(JsonElement body) => body.TryGetProperty("usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object
        ? new DemoTokens(usage.GetProperty("prompt_tokens").GetInt64(), usage.GetProperty("completion_tokens").GetInt64())
        : null;
}

/// <summary>What one team spent on one model.</summary>
internal sealed record DemoBillRow(long Requests, decimal CostUsd);
