using System.Text.Json;

namespace AIOrleans.Identity.Tokens;

/// <summary>Reads claims by name, or by a path of names: <c>realm_access.roles</c>.</summary>
internal static class ClaimText
{
    /// <summary>The texts of a claim; none where it is missing or no text. A claim whose own name has dots comes before a path.</summary>
    public static IReadOnlyList<string> All(JsonElement claims, string name)
    {
        if (claims.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        if (claims.TryGetProperty(name, out JsonElement value))
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => Texts([value]),
                JsonValueKind.Array => Texts(value.EnumerateArray()),
                _ => [],
            };
        }

        for (int dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (claims.TryGetProperty(name[..dot], out JsonElement below))
            {
                return All(below, name[(dot + 1)..]);
            }
        }

        return [];
    }

    /// <summary>The text of a claim that has exactly one.</summary>
    public static string? One(JsonElement claims, string name) => All(claims, name) is [var text] ? text : null;

    private static string[] Texts(IEnumerable<JsonElement> values) =>
        [.. values.Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString() ?? "").Where(text => text.Length > 0)];
}
