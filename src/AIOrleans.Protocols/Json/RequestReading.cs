using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Json;

/// <summary>A request body while it is being read: takes single values, and keeps the first mistake instead of throwing.</summary>
/// <remarks>After a mistake reading goes on with neutral values; whoever began it looks at <see cref="Mistake"/> at the end. Null always means absent.</remarks>
/// <param name="body">The body that the elements come from.</param>
internal sealed class RequestReading(ReadOnlyMemory<byte> body)
{
    private readonly ImmutableArray<UnknownField>.Builder unknown = ImmutableArray.CreateBuilder<UnknownField>();

    public RequestMistake? Mistake { get; private set; }

    public ImmutableArray<UnknownField> Unknown => unknown.ToImmutable();

    public void Fail(RequestMistake mistake) => Mistake ??= mistake;

    /// <summary>Keeps a member that has no place in the canonical model.</summary>
    public void Keep(JsonProperty member, string parent, FieldWeight weight = FieldWeight.Parameter) => Keep(member.Name, member.Value, parent, weight);

    /// <inheritdoc cref="Keep(JsonProperty, string, FieldWeight)"/>
    public void Keep(string name, JsonElement value, string parent, FieldWeight weight)
    {
        if (value.ValueKind != JsonValueKind.Null)
        {
            unknown.Add(new UnknownField(Join(parent, JsonKinds.Shown(name)), Raw(value), weight));
        }
    }

    /// <summary>Keeps every member of <paramref name="owner"/> that is not one of the <paramref name="known"/>.</summary>
    public void KeepOthers(JsonElement owner, string path, params ReadOnlySpan<string> known) => KeepOthers(owner, path, known, []);

    /// <summary>Keeps every member of <paramref name="owner"/> that is neither one of the <paramref name="known"/> nor of those that are <paramref name="shared"/> by its kin.</summary>
    public void KeepOthers(JsonElement owner, string path, ReadOnlySpan<string> known, ReadOnlySpan<string> shared)
    {
        foreach (JsonProperty member in owner.EnumerateObject())
        {
            if (!IsOneOf(member, known) && !IsOneOf(member, shared))
            {
                Keep(member, path);
            }
        }
    }

    /// <summary>Keeps something that the model would have read and that no other protocol can say.</summary>
    /// <param name="reason">What the others lack, e.g. "has no stored prompts".</param>
    public void KeepContent(JsonElement value, string path, string reason) =>
        unknown.Add(new UnknownField(path, Raw(value), FieldWeight.Content) { Reason = reason });

    /// <summary>Keeps an element of an array that has no place in the canonical model.</summary>
    public void KeepItem(JsonElement item, string path) => unknown.Add(new UnknownField(path, Raw(item), FieldWeight.Parameter));

    public RawJson Raw(JsonElement value) => RawJson.Of(value, body);

    public string? Text(JsonElement value, string parent, string name)
    {
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Null)
        {
            return value.GetString();
        }

        WrongType(value, parent, name, "a string");
        return null;
    }

    /// <summary>A string that must be there; empty after a mistake.</summary>
    public string NeededText(JsonElement owner, string parent, string name)
    {
        if (!owner.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            Fail(RequestMistake.Missing(Join(parent, name)));
            return "";
        }

        return Text(value, parent, name) ?? "";
    }

    public bool? Flag(JsonElement value, string parent, string name)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case JsonValueKind.Null:
                return null;
            default:
                WrongType(value, parent, name, "a boolean");
                return null;
        }
    }

    public long? Whole(JsonElement value, string parent, string name, long min, long max)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long number))
        {
            WrongType(value, parent, name, "an integer");
            return null;
        }

        if (number < min || number > max)
        {
            string path = Join(parent, name);
            Fail(number < min ? RequestMistake.BelowMin(path, min, number) : RequestMistake.AboveMax(path, max, number));
        }

        return number;
    }

    public decimal? Number(JsonElement value, string parent, string name, decimal min, decimal max)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            WrongType(value, parent, name, "a number");
            return null;
        }

        if (!value.TryGetDecimal(out decimal number) || number < min || number > max)
        {
            Fail(RequestMistake.OutOfRange(Join(parent, name), min, max));
            return null;
        }

        return number;
    }

    /// <summary>Checks the name of a model.</summary>
    public void CheckModel(string model, string path)
    {
        if (model.Length is 0 or > ChatRequestReader.ModelLengthMax)
        {
            Fail(model.Length == 0 ? RequestMistake.EmptyText(path) : RequestMistake.TooLong(path, ChatRequestReader.ModelLengthMax));
        }
    }

    /// <summary>True when the value is an object; null is none and no mistake.</summary>
    public bool IsObject(JsonElement value, string parent, string name) => Is(value, JsonValueKind.Object, parent, name, "an object");

    /// <summary>True when the value is an array; null is none and no mistake.</summary>
    public bool IsArray(JsonElement value, string parent, string name) => Is(value, JsonValueKind.Array, parent, name, "an array");

    /// <summary>The strings of an array, or the one that stands for it.</summary>
    public ImmutableArray<string> Texts(JsonElement value, string parent, string name, int countMax)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return [value.GetString() ?? ""];
        }

        if (!IsArray(value, parent, name))
        {
            return [];
        }

        if (value.GetArrayLength() > countMax)
        {
            Fail(RequestMistake.TooMany(Join(parent, name), countMax));
            return [];
        }

        ImmutableArray<string>.Builder texts = ImmutableArray.CreateBuilder<string>(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            texts.Add(Text(item, parent, At(name, texts.Count)) ?? "");
        }

        return texts.MoveToImmutable();
    }

    /// <summary>The bytes of a string, unescaped; for payloads, which are too large to become strings.</summary>
    public ReadOnlyMemory<byte> Payload(JsonElement value, string parent, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            WrongType(value, parent, name, "a string");
            return default;
        }

        ReadOnlyMemory<byte> quoted = Raw(value).Utf8;
        return quoted.Span.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(value.GetString() ?? "") : quoted[1..^1];
    }

    /// <summary>A payload that is either at an address or within a <c>data:</c> address.</summary>
    public MediaSource Media(JsonElement value, string parent, string name)
    {
        ReadOnlyMemory<byte> address = Payload(value, parent, name);
        if (!address.Span.StartsWith("data:"u8))
        {
            return new MediaSource.Url(Encoding.UTF8.GetString(address.Span));
        }

        int comma = address.Span.IndexOf((byte)',');
        ReadOnlySpan<byte> head = comma < 0 ? default : address.Span["data:".Length..comma];
        if (!head.EndsWith(";base64"u8))
        {
            Fail(RequestMistake.BadValue(Join(parent, name), "a data address with a media type in base64 ('data:image/png;base64,…')"));
            return new MediaSource.Url("");
        }

        int end = head.IndexOf((byte)';');
        return new MediaSource.Inline(MediaTypes.Check(Encoding.UTF8.GetString(head[..end]), Join(parent, name), this), address[(comma + 1)..]);
    }

    public void WrongType(JsonElement value, string parent, string name, string expected) =>
        Fail(RequestMistake.WrongType(Join(parent, name), expected, JsonKinds.NameOf(value)));

    public static string Join(string parent, string name) => parent.Length == 0 ? name : name.Length == 0 ? parent : $"{parent}.{name}";

    public static string At(string array, int index) => string.Create(CultureInfo.InvariantCulture, $"{array}[{index}]");

    /// <summary>Compares the bytes as they are, which is several times faster than by <see cref="JsonProperty.NameEquals(string)"/>. Benchmark: TranslationSpeed.</summary>
    private static bool IsOneOf(JsonProperty member, ReadOnlySpan<string> names)
    {
        ReadOnlySpan<byte> written = JsonMarshal.GetRawUtf8PropertyName(member);
        bool isEscaped = written.Contains((byte)'\\');
        bool isOne = false;
        foreach (string name in names)
        {
            isOne |= isEscaped ? member.NameEquals(name) : Ascii.Equals(written, name);
        }

        return isOne;
    }

    private bool Is(JsonElement value, JsonValueKind kind, string parent, string name, string expected)
    {
        if (value.ValueKind != kind && value.ValueKind != JsonValueKind.Null)
        {
            WrongType(value, parent, name, expected);
        }

        return value.ValueKind == kind;
    }
}
