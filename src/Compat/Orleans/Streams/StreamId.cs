using System.Globalization;
using System.Text;

namespace Orleans.Runtime;

/// <summary>Names one stream of a provider: a namespace, which says what kind of events, and a key.</summary>
public readonly struct StreamId : IEquatable<StreamId>, IComparable<StreamId>
{
    private readonly string? space;
    private readonly string? key;

    private StreamId(string? space, string key)
    {
        this.space = space;
        this.key = key;
    }

    public ReadOnlyMemory<byte> Namespace => Encoding.UTF8.GetBytes(SpaceText);

    public ReadOnlyMemory<byte> Key => Encoding.UTF8.GetBytes(KeyText);

    internal string SpaceText => space ?? "";

    internal string KeyText => key ?? "";

    public static StreamId Create(string? ns, Guid key) => new(ns, key.ToString("N", CultureInfo.InvariantCulture));

    public static StreamId Create(string? ns, long key) => new(ns, key.ToString(CultureInfo.InvariantCulture));

    public static StreamId Create(string? ns, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new StreamId(ns, key);
    }

    public string? GetNamespace() => space is "" ? null : space;

    public string GetKeyAsString() => KeyText;

    public bool Equals(StreamId other) => string.Equals(KeyText, other.KeyText, StringComparison.Ordinal) && string.Equals(SpaceText, other.SpaceText, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is StreamId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(SpaceText, KeyText);

    public int CompareTo(StreamId other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => $"{(string.IsNullOrEmpty(space) ? "null" : space)}/{key}";

    public static bool operator ==(StreamId left, StreamId right) => left.Equals(right);

    public static bool operator !=(StreamId left, StreamId right) => !left.Equals(right);
}
