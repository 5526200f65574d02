using System.Security.Cryptography;
using System.Text;
using AIOrleans.Core.Denials;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AIOrleans.Gateway.Idempotency;

/// <summary>The header <c>Idempotency-Key</c>, and what a call is known by that has it.</summary>
internal static class KeyHeader
{
    public const string Name = "Idempotency-Key";

    /// <summary>On an answer that was given before: this call was not made.</summary>
    public const string Replayed = "x-aiorleans-idempotent-replayed";

    /// <summary>Longest key, in characters. Source: what payment services take; a UUID has 36.</summary>
    public const int CharsMax = 255;

    /// <summary>Null when <paramref name="values"/> are one key of 1 to 255 printable ASCII characters.</summary>
    public static Denial.Malformed? MistakeIn(StringValues values) => values.Count switch
    {
        > 1 => Mistake("was sent more than once. Send one value"),
        _ when string.IsNullOrWhiteSpace(values) => Mistake("is empty. Send a value of its own for each call, such as a UUID, or leave the header out"),
        _ when values.ToString() is { Length: > CharsMax } text => Mistake($"has {text.Length} characters. Send at most {CharsMax}"),
        _ when values.ToString().AsSpan().ContainsAnyExceptInRange(' ', '~') => Mistake("has other characters than printable ASCII. Send letters, digits and punctuation only"),
        _ => null,
    };

    /// <summary>By what grains and the store know a key: nobody but the API key it was sent with shares it, and it cannot be read back.</summary>
    public static string AnswerKeyOf(string apiKeyId, string key) => $"{apiKeyId}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)))}";

    /// <summary>Hash of method, path and body: 64 lower-case hex characters, the same for the same request only.</summary>
    public static string FingerprintOf(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}{request.QueryString}\n"));
        hash.AppendData(body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Denial.Malformed Mistake(string what) => new($"The header {Name} {what}.", Name, "invalid_idempotency_key");
}
