using System.Collections;
using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>The members of an object under their camel-case names: Google takes <c>generation_config</c> for <c>generationConfig</c>.</summary>
internal readonly struct GeminiMembers : IEnumerable<(string Name, JsonElement Value)>
{
    private readonly List<(string Name, JsonElement Value)> members;

    private GeminiMembers(List<(string Name, JsonElement Value)> members) => this.members = members;

    /// <summary>Reads an object; of anything else, no members. One in both spellings is a mistake: readers differ in which they take.</summary>
    public static GeminiMembers Of(JsonElement owner, string path, RequestReading reading)
    {
        List<(string Name, JsonElement Value)> found = [];
        if (owner.ValueKind == JsonValueKind.Object)
        {
            HashSet<string>? respelt = null;
            foreach (JsonProperty member in owner.EnumerateObject())
            {
                string name = CamelOf(member.Name);
                if (name.Length != member.Name.Length && (owner.TryGetProperty(name, out _) || !(respelt ??= new(StringComparer.Ordinal)).Add(name)))
                {
                    reading.Fail(RequestMistake.Duplicate(RequestReading.Join(path, JsonKinds.Shown(name))));
                }

                found.Add((name, member.Value));
            }
        }

        return new GeminiMembers(found);
    }

    /// <summary>The value named <paramref name="name"/> in camel case; undefined when absent or null.</summary>
    public JsonElement this[string name]
    {
        get
        {
            foreach ((string own, JsonElement value) in members)
            {
                if (own == name && value.ValueKind != JsonValueKind.Null)
                {
                    return value;
                }
            }

            return default;
        }
    }

    public bool Has(string name) => this[name].ValueKind != JsonValueKind.Undefined;

    /// <summary>Keeps every member that is not one of the <paramref name="known"/>.</summary>
    public void KeepOthers(string path, RequestReading reading, params ReadOnlySpan<string> known)
    {
        foreach ((string name, JsonElement value) in members)
        {
            if (!known.Contains(name))
            {
                reading.Keep(name, value, path, FieldWeight.Parameter);
            }
        }
    }

    /// <summary>A string that may be absent.</summary>
    public string? Text(string path, string name, RequestReading reading) =>
        this[name] is { ValueKind: not JsonValueKind.Undefined } value ? reading.Text(value, path, name) : null;

    /// <summary>A string that must be there; empty after a mistake.</summary>
    public string NeededText(string path, string name, RequestReading reading)
    {
        if (!Has(name))
        {
            reading.Fail(RequestMistake.Missing(RequestReading.Join(path, name)));
            return "";
        }

        return Text(path, name, reading) ?? "";
    }

    public IEnumerator<(string Name, JsonElement Value)> GetEnumerator() => members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string CamelOf(string name)
    {
        if (!name.Contains('_', StringComparison.Ordinal))
        {
            return name;
        }

        StringBuilder camel = new(name.Length);
        bool isNext = false;
        foreach (char letter in name)
        {
            if (letter == '_' && camel.Length > 0)
            {
                isNext = true;
            }
            else
            {
                camel.Append(isNext ? char.ToUpperInvariant(letter) : letter);
                isNext = false;
            }
        }

        return camel.ToString();
    }
}
