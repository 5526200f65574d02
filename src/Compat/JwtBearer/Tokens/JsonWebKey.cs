using System.Text.Json.Serialization;

namespace Microsoft.IdentityModel.Tokens;

/// <summary>A public key as RFC 7517 writes it. Members of private keys are not read.</summary>
public class JsonWebKey : SecurityKey
{
    [JsonPropertyName("alg")] public string? Alg { get; set; }

    [JsonPropertyName("crv")] public string? Crv { get; set; }

    [JsonPropertyName("e")] public string? E { get; set; }

    [JsonPropertyName("key_ops")] public IList<string> KeyOps { get; init; } = [];

    [JsonPropertyName("kid")] public string? Kid { get; set; }

    [JsonPropertyName("kty")] public string? Kty { get; set; }

    [JsonPropertyName("n")] public string? N { get; set; }

    [JsonPropertyName("use")] public string? Use { get; set; }

    [JsonPropertyName("x")] public string? X { get; set; }

    [JsonPropertyName("y")] public string? Y { get; set; }

    [JsonIgnore] public override string? KeyId { get => Kid; set => Kid = value; }

    /// <summary>In bits, as long as the modulus or a coordinate is written; 0 where neither is.</summary>
    /// <exception cref="FormatException">It is not base64url.</exception>
    [JsonIgnore] public override int KeySize => (N ?? X) is { Length: > 0 } number ? Base64UrlText.Decode(number).Length * 8 : 0;
}
