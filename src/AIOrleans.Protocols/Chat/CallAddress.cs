namespace AIOrleans.Protocols.Chat;

/// <summary>What a Gemini call says in its address instead of its body.</summary>
/// <param name="Model">The alias that the client named.</param>
/// <param name="Stream">True for <c>:streamGenerateContent</c>.</param>
public sealed record CallAddress(string Model, bool Stream);
