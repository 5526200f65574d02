using System.Text.Json;

namespace AIOrleans.Storage.Ledger;

/// <summary>Tags as a JSON object of strings, so that the database can group by them.</summary>
internal static class TagText
{
    public static string Of(IReadOnlyList<KeyValuePair<string, string>> tags) =>
        tags.Count == 0 ? "{}" : JsonSerializer.Serialize(new SortedDictionary<string, string>(new Dictionary<string, string>(tags), StringComparer.Ordinal));

    /// <summary>Ordered by name, whatever order the database kept.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string text)
    {
        if (text == "{}")
        {
            return [];
        }

        // ! Written by this class: always an object.
        var tags = JsonSerializer.Deserialize<SortedDictionary<string, string>>(text)!;
        return [.. tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)];
    }
}
