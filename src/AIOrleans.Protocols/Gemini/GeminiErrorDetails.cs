using System.Globalization;
using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>What Google's errors say beside their message: when to come back, and that it was the key.</summary>
/// <param name="RetryAfter">Of a <c>google.rpc.RetryInfo</c>: Gemini sends no <c>retry-after</c>. Null when it says none, or nonsense.</param>
/// <param name="RefusesKey">True when an invalid or expired key is why: Gemini says so with status 400, as if the request were at fault.</param>
public sealed record GeminiErrorDetails(TimeSpan? RetryAfter, bool RefusesKey)
{
    /// <summary>Longest wait believed: quotas of a day end within it.</summary>
    private const decimal SecondsMax = 24 * 3600;

    private static GeminiErrorDetails None { get; } = new(null, false);

    /// <summary>Never throws; a body without details has none.</summary>
    public static GeminiErrorDetails Read(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        if (document is null)
        {
            return None;
        }

        JsonElement root = document.RootElement;
        JsonElement error = JsonLookups.Object(root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root, "error"u8);
        if (error.ValueKind != JsonValueKind.Object || !error.TryGetProperty("details"u8, out JsonElement details) || details.ValueKind != JsonValueKind.Array)
        {
            return None;
        }

        TimeSpan? wait = null;
        bool refusesKey = false;
        foreach (JsonElement detail in details.EnumerateArray())
        {
            // Source: google/rpc/error_details.proto, and protobuf's JSON of a Duration: seconds with an "s".
            wait ??= JsonLookups.Text(detail, "retryDelay"u8) is { } text ? WaitOf(text) : null;
            refusesKey |= JsonLookups.Text(detail, "reason"u8) is "API_KEY_INVALID" or "API_KEY_EXPIRED";
        }

        return new GeminiErrorDetails(wait, refusesKey);
    }

    private static TimeSpan? WaitOf(string text) =>
        text.EndsWith('s') && decimal.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds)
            && seconds is > 0 and <= SecondsMax ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
}
