using System.Text.Json;

namespace AIOrleans.Protocols.Json;

/// <summary>Looks single members up in what a provider sent; whatever is not as expected is absent.</summary>
internal static class JsonLookups
{
    /// <summary>No model reads or writes a thousandth of this in one call: larger numbers are garbage.</summary>
    private const long TokensMax = 1_000_000_000;

    /// <summary>The number of tokens named <paramref name="name"/>; null when it is missing or absurd, or <paramref name="owner"/> is no object.</summary>
    public static long? Tokens(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long tokens) && tokens is >= 0 and <= TokensMax ? tokens : null;

    /// <summary>The object named <paramref name="name"/>, or nothing.</summary>
    public static JsonElement Object(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object
            ? value
            : default;

    /// <summary>The string named <paramref name="name"/>; null when it is missing, empty or something else.</summary>
    public static string? Text(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text ? text : null;
}
