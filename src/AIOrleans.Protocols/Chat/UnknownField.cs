using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>A member of the client's body that the canonical model has no place for.</summary>
/// <param name="Path">E.g. <c>messages[0].weight</c>.</param>
/// <param name="IsHarmless">True when the answer is the same without it, e.g. a hint for the provider's cache.</param>
public sealed record UnknownField(string Path, RawJson Value, bool IsHarmless);
