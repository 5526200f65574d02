namespace AIOrleans.Chaos.Company;

/// <summary>What a quota counts.</summary>
internal enum Metric
{
    Requests,
    Tokens,
    Cost,
}

/// <summary>A strict quota that grows while the run goes on: nearly spent all the time, never spent for good.</summary>
/// <param name="StartAmount">At the start; in requests, tokens or nano-dollars. Room for a few holds.</param>
/// <param name="PerSecond">Added each second.</param>
internal sealed record Quota(Metric Metric, string Period, long StartAmount, long PerSecond)
{
    /// <summary>As the gateway names it.</summary>
    public string Name => $"{Metric.ToString().ToLowerInvariant()}/{Period}";

    public long AmountAt(long elapsedSeconds) => StartAmount + (PerSecond * elapsedSeconds);
}
