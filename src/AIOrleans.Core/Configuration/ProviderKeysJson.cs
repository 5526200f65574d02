using System.Text.Json;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>Makes a secret of the <paramref name="text"/> at <paramref name="path"/>; null when it was reported.</summary>
internal delegate Secret? SecretOpener(string text, string path, MistakeList mistakes);

/// <summary>The properties <c>apiKey</c> and <c>apiKeys</c> of a provider.</summary>
internal static class ProviderKeysJson
{
    /// <summary>Most keys of one provider: in the worst case one call is refused by each of them.</summary>
    private const int KeysMax = 64;

    /// <param name="home">The company's address, when that is what is called: it wants a key. Null: the server may want none.</param>
    public static (Secret? ApiKey, IReadOnlyList<Secret> ApiKeys) Read(ObjectReader reader, SecretOpener open, Uri? home)
    {
        Secret? single = reader.Text("apiKey") is { } text ? open(text, reader.PathOf("apiKey"), reader.Mistakes) : null;
        IReadOnlyList<Secret> several = ReadSeveral(reader, open);
        bool hasSingle = reader.Find("apiKey") is not null;
        bool hasSeveral = reader.Find("apiKeys") is not null;
        if (hasSingle && hasSeveral)
        {
            reader.Report("apiKeys", "stands beside apiKey; keep one of both.");
        }
        else if (home is not null && !hasSingle && !hasSeveral)
        {
            reader.Report("apiKey", $"is missing: {home} takes no calls without one. Or name the baseUrl of a server that does.");
        }

        return (single, several);
    }

    public static void Write(Utf8JsonWriter writer, ProviderConfig provider, Func<Secret, string> seal)
    {
        OptionalText.Write(writer, "apiKey", provider.ApiKey is { } key ? seal(key) : null);
        TextList.Write(writer, "apiKeys", provider.ApiKeys.Count > 0 ? [.. provider.ApiKeys.Select(seal)] : null);
    }

    private static IReadOnlyList<Secret> ReadSeveral(ObjectReader reader, SecretOpener open)
    {
        List<Secret> keys = [];
        Dictionary<Secret, string> places = [];
        foreach ((JsonElement value, JsonPlace place) in reader.Items("apiKeys"))
        {
            string path = place.ToString();
            string? text = value.ValueKind == JsonValueKind.String ? ObjectReader.TextOf(value) : null;
            if (text is null)
            {
                bool broken = value.ValueKind == JsonValueKind.String;
                reader.Mistakes.Add(path, broken ? "is broken Unicode." : $"must be text in quotes, not {ObjectReader.Named(value.ValueKind)}.");
            }
            else if (open(text, path, reader.Mistakes) is not { } key)
            {
                continue;
            }
            else if (places.TryAdd(key, path))
            {
                keys.Add(key);
            }
            else
            {
                reader.Mistakes.Add(path, $"is the same key as {places[key]}; name each once.");
            }
        }

        if (reader.Find("apiKeys") is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() is 0 or > KeysMax)
        {
            reader.Report("apiKeys", $"must have 1 to {KeysMax} keys; leave it out where the server wants none.");
        }

        return keys;
    }
}
