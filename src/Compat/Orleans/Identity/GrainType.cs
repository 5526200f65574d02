namespace Orleans.Runtime;

/// <summary>The kind of a grain: its class name in lower case without the suffix <c>grain</c>, or what <c>[GrainType]</c> says.</summary>
public readonly struct GrainType : IEquatable<GrainType>, IComparable<GrainType>
{
    private readonly IdSpan value;

    public GrainType(IdSpan id) => value = id;

    public IdSpan Value => value;

    public bool IsDefault => value.IsDefault;

    public static GrainType Create(string value) => new(IdSpan.Create(value));

    public bool Equals(GrainType obj) => value.Equals(obj.value);

    public override bool Equals(object? obj) => obj is GrainType other && Equals(other);

    public override int GetHashCode() => value.GetHashCode();

    public int CompareTo(GrainType other) => value.CompareTo(other.value);

    public override string ToString() => value.ToString();

    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);
}
