using System.Text.Json;
using AIOrleans.Core.Accounts;

namespace AIOrleans.Core.Configuration;

/// <summary>Names that people give to tenants, models, keys and the like.</summary>
internal static class Names
{
    /// <summary>Longest name of a tenant, org, team, user, app, key, provider or admin, in characters.</summary>
    public const int CharsMax = 64;

    /// <summary>Longest model name: providers name models by path (<c>accounts/x/models/y</c>).</summary>
    public const int ModelCharsMax = 128;

    /// <summary>Longest name within an account id, where it is escaped: three of them fit into <see cref="AccountId.LengthMax"/>.</summary>
    public const int EscapedCharsMax = 160;

    /// <summary>Stands for a name that was reported, so that what lies below it is still read; no valid name is equal to it.</summary>
    public const string Unknown = "\0";

    /// <summary>A name that becomes part of an account id; null when absent or reported.</summary>
    public static string? Read(ObjectReader reader, string property, bool required = false, int charsMax = CharsMax) =>
        Checked(reader.Text(property, required), reader.Place, property, reader.Mistakes, charsMax);

    /// <summary>The strings of an array, each a name; null when the array is absent.</summary>
    /// <param name="among">The ids they may be; null leaves it open.</param>
    public static IReadOnlyList<string>? ReadList(ObjectReader reader, string property, int charsMax = CharsMax, DeclaredIds? among = null)
    {
        if (reader.Find(property) is null)
        {
            return null;
        }

        var names = new List<string>();
        foreach ((JsonElement value, JsonPlace place) in reader.Items(property))
        {
            string? text = value.ValueKind == JsonValueKind.String ? ObjectReader.TextOf(value) : null;
            if (text is null)
            {
                bool broken = value.ValueKind == JsonValueKind.String;
                reader.Mistakes.Add(place.ToString(), broken ? "is broken Unicode." : $"must be text in quotes, not {ObjectReader.Named(value.ValueKind)}.");
            }
            else if (Checked(text, place, property: null, reader.Mistakes, charsMax) is { } name)
            {
                among?.Require(name, place, property: null, reader.Mistakes);
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>A value that may be shown, in quotes, shortened and without control characters.</summary>
    public static string Quoted(string text) =>
        $"'{string.Concat((text.Length > CharsMax ? text[..CharsMax] + "…" : text).Select(c => char.IsControl(c) ? '?' : c))}'";

    /// <summary>True when a pattern has a star anywhere but at its end.</summary>
    public static bool HasInnerStar(string pattern) => pattern.IndexOf('*') is var star and >= 0 && star < pattern.Length - 1;

    /// <summary>What is wrong with such a pattern.</summary>
    public static string InnerStar(string pattern) => $"has '*' inside {Quoted(pattern)}; it may only stand at the end.";

    /// <summary><paramref name="name"/>, or null when it is null or reported.</summary>
    /// <param name="property">Of <paramref name="place"/>; null when the name stands there itself.</param>
    public static string? Checked(string? name, JsonPlace place, string? property, MistakeList mistakes, int charsMax)
    {
        if (name is null || MistakeOf(name, charsMax) is not { } mistake)
        {
            return name;
        }

        mistakes.Add((property is null ? place : place.Property(property)).ToString(), mistake);
        return null;
    }

    private static string? MistakeOf(string name, int charsMax)
    {
        if (name.Length == 0)
        {
            return "must not be empty.";
        }

        foreach (char c in name)
        {
            if (char.IsControl(c))
            {
                return "must not contain control characters.";
            }
        }

        if (name.Length > charsMax)
        {
            return $"must have at most {charsMax} characters, not {name.Length}.";
        }

        return AccountId.Escape(name).Length > EscapedCharsMax
            ? $"is too long: at most {EscapedCharsMax} characters, where each byte outside a-z, 0-9 and '-' counts as three."
            : null;
    }
}
