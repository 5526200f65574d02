namespace AIOrleans.Protocols.Chat;

/// <summary>What a call says in its address instead of its body.</summary>
/// <param name="Model">The alias that a Gemini client named; empty for the others, whose body names it.</param>
/// <param name="Stream">True for Gemini's <c>:streamGenerateContent</c>.</param>
/// <param name="CountsOnly">True for <c>count_tokens</c> and <c>:countTokens</c>, which make no output.</param>
public sealed record CallAddress(string Model, bool Stream, bool CountsOnly = false);
