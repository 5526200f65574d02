using Microsoft.IdentityModel.Tokens;

namespace AIOrleans.Identity.Tokens;

/// <summary>The keys of one issuer that may verify signatures. Immutable.</summary>
internal sealed class KeySet
{
    /// <summary>A token without a key's name must not cost more signatures than this.</summary>
    private const int KeysMax = 100;

    private readonly JsonWebKey[] keys;

    private KeySet(string json, JsonWebKey[] keys)
    {
        Json = json;
        this.keys = keys;
    }

    /// <summary>What it was read from: equal texts are equal sets.</summary>
    public string Json { get; }

    public int Count => keys.Length;

    /// <summary>Reads a JSON Web Key Set; keys that verify nothing are left out.</summary>
    /// <exception cref="FormatException">It is none, or has no key that verifies anything.</exception>
    public static KeySet Read(string json)
    {
        JsonWebKey[] usable;
        try
        {
            usable = [.. new JsonWebKeySet(json).Keys.Where(IsUsable)];
        }
        catch (ArgumentException)
        {
            // Its message may repeat the document.
            throw new FormatException("The keys are no JSON Web Key Set.");
        }

        return usable.Length is > 0 and <= KeysMax
            ? new KeySet(json, usable)
            : throw new FormatException($"{usable.Length} keys of the set are for signatures; 1 to {KeysMax} must be.");
    }

    /// <summary>The keys that may have signed <paramref name="token"/>: of the name that it gives, or if it gives none, the only one that fits.</summary>
    public IReadOnlyList<JsonWebKey> For(UnverifiedToken token)
    {
        JsonWebKey[] fitting = [.. keys.Where(key => TokenAlgorithms.Fits(key, token.Algorithm) && (token.KeyId is null || token.KeyId == key.Kid))];
        return token.KeyId is null && fitting.Length > 1 ? [] : fitting;
    }

    private static bool IsUsable(JsonWebKey key)
    {
        try
        {
            return TokenAlgorithms.IsUsable(key);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
