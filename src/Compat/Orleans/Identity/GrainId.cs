namespace Orleans.Runtime;

/// <summary>Names one grain: its type and its key, written <c>type/key</c>.</summary>
public readonly struct GrainId : IEquatable<GrainId>, IComparable<GrainId>
{
    private readonly GrainType type;
    private readonly IdSpan key;

    public GrainId(GrainType type, IdSpan key)
    {
        this.type = type;
        this.key = key;
    }

    public GrainType Type => type;

    public IdSpan Key => key;

    public bool IsDefault => type.IsDefault && key.IsDefault;

    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), key);

    public static GrainId Create(GrainType type, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return new GrainId(type, IdSpan.Create(key));
    }

    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <exception cref="ArgumentException">The text has no slash.</exception>
    public static GrainId Parse(string value)
    {
        int slash = value.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? throw new ArgumentException($"Unable to parse \"{value}\" as a grain id", nameof(value))
            : new GrainId(GrainType.Create(value[..slash]), IdSpan.Create(value[(slash + 1)..]));
    }

    public bool Equals(GrainId other) => key.Equals(other.key) && type.Equals(other.type);

    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(type, key);

    public int CompareTo(GrainId other) => type.CompareTo(other.type) is var order and not 0 ? order : key.CompareTo(other.key);

    public override string ToString() => $"{type}/{key}";

    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);
}
