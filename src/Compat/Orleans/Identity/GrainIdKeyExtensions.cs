using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Orleans.Runtime;

/// <summary>How keys that are not text are written: integers in hexadecimal, GUIDs as 32 digits, a key extension after a plus sign.</summary>
public static class GrainIdKeyExtensions
{
    public static IdSpan CreateIntegerKey(long key) => IdSpan.Create(key.ToString("X", CultureInfo.InvariantCulture));

    public static IdSpan CreateIntegerKey(long key, string? keyExtension) =>
        IdSpan.Create(string.Create(CultureInfo.InvariantCulture, $"{key:X}{Suffix(keyExtension)}"));

    public static IdSpan CreateGuidKey(Guid key) => IdSpan.Create(key.ToString("N", CultureInfo.InvariantCulture));

    public static IdSpan CreateGuidKey(Guid key, string? keyExtension) =>
        IdSpan.Create(string.Create(CultureInfo.InvariantCulture, $"{key:N}{Suffix(keyExtension)}"));

    public static bool TryGetIntegerKey(this GrainId grainId, out long key, out string? keyExt)
    {
        ReadOnlySpan<char> number = Split(grainId, out keyExt);
        return long.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key);
    }

    internal static bool TryGetIntegerKey(this GrainId grainId, out long key) => grainId.TryGetIntegerKey(out key, out _);

    public static bool TryGetGuidKey(this GrainId grainId, out Guid key, out string? keyExt) =>
        Guid.TryParseExact(Split(grainId, out keyExt), "N", out key);

    internal static bool TryGetGuidKey(this GrainId grainId, out Guid key) => grainId.TryGetGuidKey(out key, out _);

    [SuppressMessage("Style", "IDE0046", Justification = "Two plain branches read better.")]
    private static ReadOnlySpan<char> Split(GrainId grainId, out string? keyExtension)
    {
        string text = grainId.Key.Text;
        int plus = text.IndexOf('+', StringComparison.Ordinal);
        keyExtension = plus < 0 ? null : text[(plus + 1)..];
        return plus < 0 ? text : text.AsSpan(0, plus);
    }

    private static string Suffix(string? keyExtension) => string.IsNullOrEmpty(keyExtension) ? "" : "+" + keyExtension;
}
