using System.Text;

namespace Orleans.Runtime;

/// <summary>The key part, or the type part, of a grain identity.</summary>
/// <remarks>Held as text here, because nothing in one process needs the bytes; genuine Orleans holds UTF-8.</remarks>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly string? text;

    private IdSpan(string text) => this.text = text;

    /// <summary>True of a span that names nothing.</summary>
    public bool IsDefault => string.IsNullOrEmpty(text);

    internal string Text => text ?? "";

    public static IdSpan Create(string id) => new(id);

    public ReadOnlySpan<byte> AsSpan() => Encoding.UTF8.GetBytes(Text);

    public bool Equals(IdSpan obj) => string.Equals(Text, obj.Text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public int CompareTo(IdSpan other) => string.CompareOrdinal(Text, other.Text);

    public override string ToString() => Text;

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);
}
