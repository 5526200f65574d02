namespace AIOrleans.Protocols.Json;

/// <summary>A value's place in the body, quotes and braces included.</summary>
public readonly record struct BodySpan(int Start, int Length)
{
    public int End => Start + Length;
}
