using System.Globalization;
using System.Text.Json;

namespace AIOrleans.Testing.ModelServers;

/// <summary>A JSON object of a request, read as strictly as the vendor does: unknown members, missing ones and wrong types are refused in its words.</summary>
internal readonly struct StrictObject
{
    private readonly JsonElement element;
    private readonly IWireWords words;

    public StrictObject(JsonElement element, string path, IWireWords words)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw words.WrongType(path, "an object", NameOf(element));
        }

        this.element = element;
        this.words = words;
        Path = path;
    }

    public string Path { get; }

    public JsonElement Element => element;

    /// <summary>Refuses every member that is not named.</summary>
    public StrictObject Only(params ReadOnlySpan<string> names)
    {
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!names.Contains(words.TakesSnakeCase ? CamelOf(member.Name) : member.Name))
            {
                throw words.Unknown(Path, member.Name);
            }
        }

        return this;
    }

    public string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    public bool Has(string name) => Any(name) is not null;

    /// <summary>Null when absent or null.</summary>
    public JsonElement? Any(string name) =>
        (element.TryGetProperty(name, out JsonElement value) || (words.TakesSnakeCase && element.TryGetProperty(SnakeOf(name), out value)))
            && value.ValueKind != JsonValueKind.Null ? value : null;

    public JsonElement Needed(string name) => Any(name) ?? throw words.Missing(PathOf(name));

    public string Text(string name) => TextOrNull(name) ?? throw words.Missing(PathOf(name));

    public string? TextOrNull(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw words.WrongType(PathOf(name), "a string", NameOf(value));

    public bool? Flag(string name) => Any(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw words.WrongType(PathOf(name), "a boolean", NameOf(value));

    public decimal? Number(string name, decimal least, decimal most)
    {
        if (Any(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out decimal number))
        {
            throw words.WrongType(PathOf(name), "a number", NameOf(value));
        }

        return number >= least && number <= most ? number
            : throw words.BadValue(PathOf(name), string.Create(CultureInfo.InvariantCulture, $"{number} is not between {least} and {most}"));
    }

    public long? Whole(string name, long least, long most)
    {
        decimal? number = Number(name, least, most);
        return number is { } given && decimal.Truncate(given) != given ? throw words.WrongType(PathOf(name), "an integer", "a decimal") : (long?)number;
    }

    /// <summary>A string out of a few.</summary>
    public string? Choice(string name, params ReadOnlySpan<string> choices)
    {
        string? value = TextOrNull(name);
        return value is null || choices.Contains(value) ? value : throw words.BadValue(PathOf(name), $"'{value}' is none of {string.Join(", ", choices.ToArray())}");
    }

    public StrictObject? Object(string name) => Any(name) is { } value ? new StrictObject(value, PathOf(name), words) : null;

    /// <summary>Objects of an array; none when it is absent.</summary>
    public IEnumerable<StrictObject> Objects(string name)
    {
        IWireWords own = words;
        string path = PathOf(name);
        return Items(name).Select((item, index) => new StrictObject(item, own.At(path, index), own));
    }

    public IEnumerable<string> Texts(string name)
    {
        foreach (JsonElement item in Items(name))
        {
            yield return item.ValueKind == JsonValueKind.String ? item.GetString() ?? "" : throw words.WrongType(PathOf(name), "a list of strings", NameOf(item));
        }
    }

    public IEnumerable<JsonElement> Items(string name) => Any(name) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray()
        : throw words.WrongType(PathOf(name), "an array", NameOf(value));

    /// <summary>Bytes in base64.</summary>
    public byte[] Bytes(string name)
    {
        try
        {
            return Convert.FromBase64String(Text(name));
        }
        catch (FormatException)
        {
            throw words.BadValue(PathOf(name), "it is not valid base64");
        }
    }

    public static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };

    private static string CamelOf(string name) =>
        string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select((part, index) => index == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));

    private static string SnakeOf(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
