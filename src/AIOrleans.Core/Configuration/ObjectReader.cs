using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AIOrleans.Core.Configuration;

/// <summary>Reads the properties of one JSON object, reporting what is wrong with each instead of throwing.</summary>
/// <remarks>What was asked for is what is known: <see cref="Finish"/> reports every other property.</remarks>
internal sealed class ObjectReader
{
    /// <summary>Longest number in characters: more digits than a decimal holds would be rounded without a word.</summary>
    private const int NumberCharsMax = 28;

    /// <summary>Room for the names that are asked for; an account knows some ten.</summary>
    private const int AskedUsual = 16;

    private readonly JsonProperties properties;

    /// <summary>Names that were asked for, some of them twice.</summary>
    private readonly List<string> asked = new(AskedUsual);

    /// <summary>Takes <paramref name="element"/>, which is reported when it is no object and then read as an empty one.</summary>
    public ObjectReader(JsonElement element, string path, MistakeList mistakes)
        : this(element, new JsonPlace(path), mistakes)
    {
    }

    private ObjectReader(JsonElement element, JsonPlace place, MistakeList mistakes)
    {
        Place = place;
        Mistakes = mistakes;
        IsObject = element.ValueKind == JsonValueKind.Object;
        properties = new JsonProperties(IsObject ? element.GetPropertyCount() : 0);
        if (!IsObject)
        {
            mistakes.Add(Path, $"must be an object {{…}}, not {Named(element.ValueKind)}.");
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (PropertyNames.Of(property) is not { } name)
            {
                mistakes.Add(Path, "has a property whose name is broken Unicode.");
            }
            else if (!properties.TryAdd(name, property.Value))
            {
                mistakes.Add(PathOf(name), "stands here twice; keep one.");
            }
        }
    }

    public JsonPlace Place { get; }

    public string Path => Place.ToString();

    public MistakeList Mistakes { get; }

    /// <summary>False when the value was no object at all: that is reported, and its missing properties are not.</summary>
    public bool IsObject { get; }

    /// <summary>Names of all properties, in order.</summary>
    public IEnumerable<string> Names => properties.Names;

    public string PathOf(string name) => JsonPath.Property(Path, name);

    public bool Has(string name) => properties.TryFind(name, out _);

    public void Report(string name, string message) => Mistakes.Add(PathOf(name), message);

    /// <summary>The value; null when absent or JSON null, which is reported when it is <paramref name="required"/>.</summary>
    public JsonElement? Find(string name, bool required = false)
    {
        asked.Add(name);
        if (properties.TryFind(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (required && IsObject)
        {
            Report(name, "is missing.");
        }

        return null;
    }

    /// <summary>Text, not yet judged; null when absent or reported.</summary>
    public string? Text(string name, bool required = false)
    {
        if (Find(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Report(name, $"must be text in quotes, not {Named(value.ValueKind)}.");
            return null;
        }

        string? text = TextOf(value);
        if (text is null)
        {
            Report(name, "is broken Unicode.");
        }

        return text;
    }

    public bool Flag(string name, bool absent)
    {
        if (Find(name) is not { } value)
        {
            return absent;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Report(name, $"must be true or false, not {Named(value.ValueKind)}.");
        return absent;
    }

    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>, exact; null when absent or reported.</summary>
    public decimal? Number(string name, decimal min, decimal max, bool required = false)
    {
        if (Find(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            Report(name, $"must be a number, not {Named(value.ValueKind)}.");
        }
        else if (JsonMarshal.GetRawUtf8Value(value).Length > NumberCharsMax || !value.TryGetDecimal(out decimal number))
        {
            Report(name, $"must be a number of at most {NumberCharsMax} digits.");
        }
        else if (number < min || number > max)
        {
            Report(name, $"must be from {Shown(min)} to {Shown(max)}, not {Shown(number)}.");
        }
        else
        {
            return number;
        }

        return null;
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>; null when absent or reported.</summary>
    public long? Whole(string name, long min, long max, bool required = false)
    {
        if (Number(name, min, max, required) is not { } number)
        {
            return null;
        }

        if (decimal.Truncate(number) == number)
        {
            return (long)number;
        }

        Report(name, $"must be a whole number, not {Shown(number)}.");
        return null;
    }

    /// <summary>The object at <paramref name="name"/>; null when absent.</summary>
    public ObjectReader? Object(string name, bool required = false) =>
        Find(name, required) is { } value ? new ObjectReader(value, Place.Property(name), Mistakes) : null;

    /// <summary>The items of an array with their places; none when absent or reported.</summary>
    public IEnumerable<(JsonElement Value, JsonPlace Place)> Items(string name, bool required = false)
    {
        if (Find(name, required) is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().Select((item, i) => (item, Place.Item(name, i)));
        }

        Report(name, $"must be an array […], not {Named(value.ValueKind)}.");
        return [];
    }

    /// <summary>The objects of an array; what is no object is reported and left out.</summary>
    public IEnumerable<ObjectReader> Objects(string name, bool required = false) =>
        Items(name, required).Select(item => new ObjectReader(item.Value, item.Place, Mistakes)).Where(reader => reader.IsObject);

    /// <summary>Reports properties that nobody asked for.</summary>
    public void Finish()
    {
        foreach (string name in properties.Names.Where(name => !asked.Contains(name)))
        {
            string[] known = [.. asked.Distinct()];
            Report(name, $"is not a known property.{NameSuggestion.For(name, known)} Known here: {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }
    }

    public static string Shown(decimal number) => number.ToString("0.#############################", CultureInfo.InvariantCulture);

    /// <summary>The kind of a JSON value in words.</summary>
    public static string Named(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    /// <summary>Half a surrogate pair is well-formed JSON and no text: the reader throws, and here it is null.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
