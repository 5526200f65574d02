using System.Security.Cryptography;

namespace AIOrleans.Core.Directory;

/// <summary>Makes the secrets of API keys and admins.</summary>
public static class ApiKeySecret
{
    /// <summary>Tells people and secret scanners whose key this is.</summary>
    public const string Prefix = "sk-aio-";

    /// <summary>Random characters after the prefix, six bits each.</summary>
    public const int RandomChars = 32;

    /// <summary>Longest secret accepted anywhere, in characters: no header makes the gateway hash more.</summary>
    public const int CharsMax = 512;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>A new secret of 192 random bits, safe in URLs and headers.</summary>
    public static Secret New() => new(Prefix + RandomNumberGenerator.GetString(Alphabet, RandomChars));

    /// <summary>Whether <paramref name="secret"/> can be sent in a header: visible ASCII, bounded.</summary>
    public static bool IsSendable(ReadOnlySpan<char> secret) =>
        secret.Length is > 0 and <= CharsMax && !secret.ContainsAnyExceptInRange('!', '~');
}
