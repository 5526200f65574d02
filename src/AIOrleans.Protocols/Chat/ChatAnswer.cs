using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;

namespace AIOrleans.Protocols.Chat;

/// <summary>What the gateway reads of a complete chat answer; its body passes on as bytes.</summary>
/// <param name="Usage">Null when missing or garbage: the caller estimates.</param>
/// <param name="Service">The service tier that it was served with; null: not told.</param>
/// <param name="OutputBytes">UTF-8 bytes of all that the model wrote.</param>
/// <param name="OutputTokens">What these are estimated at, in tokens of the model's family; 0 where <paramref name="Usage"/> is told.</param>
public sealed record ChatAnswer(string? Id, string? Model, string? FinishReason, TokenUsage? Usage, ServiceTier? Service, long OutputBytes, long OutputTokens);
