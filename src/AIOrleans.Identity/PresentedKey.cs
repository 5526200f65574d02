using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AIOrleans.Identity;

/// <summary>Where clients of the supported protocols put their key.</summary>
public static class PresentedKey
{
    private const string Bearer = "Bearer ";

    // Anthropic's clients, Google's and Azure's, in this order.
    private static readonly string[] KeyHeaders = ["x-api-key", "x-goog-api-key", "api-key"];

    /// <summary>The secret that <paramref name="request"/> presents in a header; null when none does.</summary>
    /// <remarks><c>Authorization: Bearer</c> comes first. A header sent twice is ambiguous and presents nothing.</remarks>
    public static string? Of(HttpRequest request)
    {
        string? authorization = Single(request.Headers.Authorization);
        if (authorization is not null && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && authorization[Bearer.Length..].Trim() is { Length: > 0 } token)
        {
            return token;
        }

        foreach (string header in KeyHeaders)
        {
            if (Single(request.Headers[header])?.Trim() is { Length: > 0 } key)
            {
                return key;
            }
        }

        return null;
    }

    private static string? Single(StringValues values) => values.Count == 1 ? values[0] : null;
}
