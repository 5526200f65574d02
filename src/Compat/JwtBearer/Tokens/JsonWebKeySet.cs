using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.IdentityModel.Tokens;

/// <summary>The keys of an issuer.</summary>
// Source: RFC 7517 §5. Unknown members are ignored.
public class JsonWebKeySet
{
    [JsonConstructor]
    public JsonWebKeySet()
    {
    }

    /// <exception cref="ArgumentException"><paramref name="json"/> is no such set.</exception>
    public JsonWebKeySet(string json)
    {
        try
        {
            foreach (JsonWebKey? key in JsonSerializer.Deserialize<JsonWebKeySet>(json)?.Keys ?? [])
            {
                Keys.Add(key ?? throw new JsonException("A key is null."));
            }
        }
        catch (JsonException exception)
        {
            throw new ArgumentException("The text is no JSON Web Key Set.", nameof(json), exception);
        }
    }

    [JsonPropertyName("keys")] public IList<JsonWebKey> Keys { get; init; } = [];
}
