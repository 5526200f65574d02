using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AIOrleans.Identity.Tokens;

/// <summary>What a token says of itself: enough to find the issuer and the keys that can tell whether to believe it.</summary>
/// <param name="KeyId">Null where it names no key.</param>
/// <param name="Claims">To be read when the token has been verified, and not before.</param>
// Source: RFC 7515 §4, RFC 7519 §5, RFC 8725 §3.11.
internal sealed record UnverifiedToken(string Algorithm, string? KeyId, string Issuer, JsonElement Claims)
{
    // Every header begins with {".
    private const string Begin = "eyJ";

    private const int DepthMax = 16;

    // What stands twice is read differently by different readers.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = DepthMax };

    /// <summary>True for texts that are tokens rather than keys. Looks at a key's first three characters only.</summary>
    public static bool IsToken(ReadOnlySpan<char> presented) => presented.StartsWith(Begin) && presented.Count('.') == 2;

    /// <summary>Reads a token that is bounded in size already.</summary>
    /// <param name="mistake">Why it is none; null when it is one.</param>
    public static UnverifiedToken? TryRead(string token, out string? mistake)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3 || !TryObject(parts[0], out JsonElement header) || !TryObject(parts[1], out JsonElement claims))
        {
            mistake = "its parts are not base64url of JSON objects";
            return null;
        }

        string? type = Text(header, "typ");
        mistake =
            parts[2].Length == 0 ? "it is not signed"
            : Text(header, "alg") is null ? "its header has no alg"
            : header.TryGetProperty("crit", out _) ? "its header has extensions (crit)"
            : header.TryGetProperty("kid", out JsonElement kid) && kid.ValueKind != JsonValueKind.String ? "its kid is no text"
            : !IsAccessToken(type) ? "its typ is of another kind of token"
            : Text(claims, "iss") is null ? "it does not say who made it (iss)"
            : null;

        // ! Both were looked at just now.
        return mistake is null ? new UnverifiedToken(Text(header, "alg")!, Text(header, "kid"), Text(claims, "iss")!, claims) : null;
    }

    // Source: RFC 9068 §2.1. Many issuers say JWT, or nothing.
    private static bool IsAccessToken(string? type) =>
        type is null || type.Equals("JWT", StringComparison.OrdinalIgnoreCase) || type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase)
        || type.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryObject(string part, [NotNullWhen(true)] out JsonElement element)
    {
        element = default;
        if (!part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
            element = document.RootElement.Clone();
            return element.ValueKind == JsonValueKind.Object;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return false;
        }
    }
}
