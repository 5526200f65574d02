namespace AIOrleans.Chaos.Audit;

/// <summary>One event of the ledger.</summary>
internal sealed record LedgerEvent(
    string RequestId,
    int Attempt,
    IReadOnlyList<string> Path,
    string Key,
    string Model,
    string Provider,
    int Requests,
    TokensJson Tokens,
    long CostNano,
    bool Estimated,
    bool Streamed,
    DateTimeOffset StartedAt,
    DateTimeOffset SettledAt)
{
    /// <summary>True when it costs anybody anything, or would have: an estimate may find nothing left of its hold.</summary>
    public bool IsCharge => Estimated || Requests > 0 || Tokens.Total > 0 || CostNano > 0;

    /// <summary>True for what a keeper charged for a hold whose gateway had died: it names no provider.</summary>
    public bool IsOrphan => Estimated && Provider.Length == 0;

    public static LedgerEvent Of(LedgerEventJson json) => new(
        json.RequestId, json.Attempt, json.Path, json.Key, json.Model, json.Provider, json.Requests, json.Tokens, Nano.Of(json.CostUsd),
        json.Estimated, json.Streamed, json.StartedAt, json.SettledAt);

    public override string ToString() =>
        $"{RequestId}/{Attempt} at '{Provider}' {(Estimated ? "estimated " : "")}{Requests} requests, {Tokens.Total} tokens, {CostNano} nano-dollars";
}

internal sealed record TokensJson(long UncachedInput, long CacheRead, long Output, long Reasoning, long Total);

internal sealed record LedgerEventJson(
    string RequestId,
    int Attempt,
    IReadOnlyList<string> Path,
    string Key,
    string Model,
    string Provider,
    int Requests,
    TokensJson Tokens,
    decimal CostUsd,
    bool Estimated,
    bool Streamed,
    DateTimeOffset StartedAt,
    DateTimeOffset SettledAt);

internal static class Nano
{
    private const decimal PerUsd = 1_000_000_000m;

    /// <summary>Nano-dollars.</summary>
    /// <exception cref="FormatException">There is a part of one: no such thing is ever charged.</exception>
    public static long Of(decimal usd) =>
        decimal.Truncate(usd * PerUsd) == usd * PerUsd ? (long)(usd * PerUsd) : throw new FormatException($"{usd} dollars are no whole nano-dollars.");
}
