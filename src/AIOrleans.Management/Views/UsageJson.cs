using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Usage;

namespace AIOrleans.Management.Views;

/// <summary>One group of <c>GET /api/v1/usage</c>: its values by group name, and its totals.</summary>
internal sealed record UsageRowJson(
    IReadOnlyDictionary<string, string?> Group,
    long Requests,
    long Attempts,
    long Failures,
    long EstimatedAttempts,
    long UnpricedAttempts,
    TokensJson Tokens,
    decimal CostUsd)
{
    public static UsageRowJson Of(UsageTotals totals, IReadOnlyList<string> names) => new(
        names.Zip(totals.Values).ToDictionary(pair => pair.First, pair => pair.Second),
        totals.Requests,
        totals.Attempts,
        totals.Failures,
        totals.EstimatedAttempts,
        totals.UnpricedAttempts,
        TokensJson.Of(totals.Usage),
        totals.Cost.ToUsd());
}

/// <summary>Disjoint token classes and their sums; <paramref name="Reasoning"/> is a part of <paramref name="Output"/>, the units behind the sums are in none of them.</summary>
internal sealed record TokensJson(
    long UncachedInput,
    long CacheRead,
    long CacheWrite5m,
    long CacheWrite1h,
    long Output,
    long Reasoning,
    long AudioInput,
    long AudioOutput,
    long ImageInput,
    long ImageOutput,
    long TotalInput,
    long TotalOutput,
    long Total,
    long Images,
    long ImagesMade,
    long AudioMilliseconds,
    long Characters,
    long SearchUnits)
{
    public static TokensJson Of(TokenUsage usage) => new(
        usage.UncachedInput,
        usage.CacheRead,
        usage.CacheWrite5m,
        usage.CacheWrite1h,
        usage.Output,
        usage.Reasoning,
        usage.AudioInput,
        usage.AudioOutput,
        usage.ImageInput,
        usage.ImageOutput,
        usage.TotalInput,
        usage.TotalOutput,
        usage.Total,
        usage.Images,
        usage.ImagesMade,
        usage.AudioMilliseconds,
        usage.Characters,
        usage.SearchUnits);
}

/// <summary>One event of <c>GET /api/v1/usage/events</c>.</summary>
internal sealed record UsageEventJson(
    long Sequence,
    string RequestId,
    int Attempt,
    IReadOnlyList<string> Path,
    string Key,
    IReadOnlyDictionary<string, string> Tags,
    string Operation,
    string Model,
    string Provider,
    string ProviderModel,
    int Requests,
    TokensJson Tokens,
    decimal CostUsd,
    string PriceVersion,
    string Service,
    long? TierAboveTokens,
    bool Estimated,
    bool Journaled,
    int Status,
    string FailedBy,
    bool Streamed,
    DateTimeOffset StartedAt,
    DateTimeOffset SettledAt,
    decimal DurationMs,
    decimal? FirstByteMs)
{
    public static UsageEventJson Of(UsageEvent usage) => new(
        usage.Sequence,
        usage.HoldId.ToString(),
        usage.Attempt,
        [.. usage.Path.Select(account => account.ToString())],
        usage.Attribution.KeyId,
        usage.Attribution.Tags.ToDictionary(tag => tag.Key, tag => tag.Value),
        usage.Operation,
        usage.Attribution.Model,
        usage.Provider,
        usage.ProviderModel,
        usage.Requests,
        TokensJson.Of(usage.Usage),
        usage.Cost.ToUsd(),
        usage.PriceVersion,
        ServiceTiers.NameOf(usage.Service),
        usage.TierAboveTokens > 0 ? usage.TierAboveTokens : null,
        usage.Estimated,
        usage.Journaled,
        usage.Status,
        usage.FailedBy.ToString().ToLowerInvariant(),
        usage.Streamed,
        usage.StartedAt,
        usage.SettledAt,
        usage.DurationMicros / 1000m,
        usage.FirstByteMicros / 1000m);
}
