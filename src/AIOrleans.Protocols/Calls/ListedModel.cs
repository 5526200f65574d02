namespace AIOrleans.Protocols.Calls;

/// <summary>One model as lists of models show it.</summary>
/// <param name="Id">The alias that clients use.</param>
/// <param name="OwnedBy">Who answers, e.g. the provider's name.</param>
/// <param name="ContextTokensMax">Most tokens of one call.</param>
/// <param name="OutputTokensMax">Most output tokens of one call.</param>
public sealed record ListedModel(string Id, DateTimeOffset CreatedAt, string OwnedBy, long ContextTokensMax, long OutputTokensMax);
