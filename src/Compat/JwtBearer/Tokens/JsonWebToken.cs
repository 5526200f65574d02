using System.Text;
using System.Text.Json;

namespace Microsoft.IdentityModel.Tokens;

/// <summary>A token in the compact form, read and not yet believed.</summary>
// Source: RFC 7515 §3.1, RFC 7519 §4.1.
internal sealed class JsonWebToken : SecurityToken
{
    /// <summary>Most characters of a token: as in the package.</summary>
    private const int CharsMax = 1024 * 250;

    // A member that stands twice is read differently by different readers.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private JsonWebToken(string encoded, int signatureAt, JsonElement header, JsonElement payload, byte[] signature)
    {
        Encoded = encoded;
        SigningInput = Encoding.ASCII.GetBytes(encoded, 0, signatureAt - 1);
        Signature = signature;
        Algorithm = Text(header, "alg") ?? throw Malformed("its header has no alg");
        Kid = Text(header, "kid");
        IsCritical = header.TryGetProperty("crit", out _);
        Issuer = Text(payload, "iss") ?? "";
        Audiences = Texts(payload, "aud");
        ValidFrom = Instant(payload, "nbf");
        ValidTo = Instant(payload, "exp");
    }

    public string Encoded { get; }

    public string Algorithm { get; }

    public string? Kid { get; }

    /// <summary>True when its header has extensions that must be understood. None is.</summary>
    public bool IsCritical { get; }

    /// <summary>Empty where there is none.</summary>
    public override string Issuer { get; }

    public IReadOnlyList<string> Audiences { get; }

    public override DateTime ValidFrom { get; }

    public override DateTime ValidTo { get; }

    /// <summary>The bytes that are signed.</summary>
    public byte[] SigningInput { get; }

    /// <summary>Empty where it is not signed.</summary>
    public byte[] Signature { get; }

    /// <exception cref="SecurityTokenMalformedException"><paramref name="token"/> is none.</exception>
    public static JsonWebToken Read(string token)
    {
        if (token.Length > CharsMax)
        {
            throw Malformed("it is too long");
        }

        int payloadAt = token.IndexOf('.') + 1;
        int signatureAt = payloadAt == 0 ? 0 : token.IndexOf('.', payloadAt) + 1;
        if (signatureAt == 0 || token.IndexOf('.', signatureAt) >= 0)
        {
            throw Malformed("it has not three parts");
        }

        try
        {
            return new JsonWebToken(
                token, signatureAt, Object(token.AsSpan(0, payloadAt - 1)), Object(token.AsSpan(payloadAt..(signatureAt - 1))), Base64UrlText.Decode(token.AsSpan(signatureAt)));
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw Malformed("a part of it is not base64url of JSON");
        }
    }

    private static JsonElement Object(ReadOnlySpan<char> part)
    {
        using JsonDocument document = JsonDocument.Parse(Base64UrlText.Decode(part), Strict);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Malformed("a part of it is no object");
    }

    private static string? Text(JsonElement owner, string name) => !owner.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Malformed($"its {name} is no text");

    private static string[] Texts(JsonElement owner, string name) =>
        !owner.TryGetProperty(name, out JsonElement value) ? []
        : value.ValueKind != JsonValueKind.Array ? [Text(owner, name) ?? ""]
        : [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() ?? "" : throw Malformed($"its {name} is no list of texts"))];

    /// <summary>Seconds since 1970, perhaps with a fraction, which is cut.</summary>
    private static DateTime Instant(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out JsonElement value))
        {
            return default;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).UtcDateTime
            : throw Malformed($"its {name} is no instant");
    }

    private static SecurityTokenMalformedException Malformed(string why) => new($"The text is no signed token: {why}.");
}
