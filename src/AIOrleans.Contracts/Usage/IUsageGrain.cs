using System.Collections.Immutable;
using AIOrleans.Core.Ports;
using Orleans;

namespace AIOrleans.Contracts.Usage;

/// <summary>Adds up the usage of one tenant as it happens. Key: the tenant's name as in account ids.</summary>
/// <remarks>Stream events only tell it that its totals are stale; the numbers come from the ledger, so that a lost event loses nothing.</remarks>
[Alias("aiorleans.usage")]
public interface IUsageGrain : IGrainWithStringKey
{
    /// <summary>Today's totals in the tenant's time zone: everything in the ledger when the newest event was heard.</summary>
    [Alias("today")]
    Task<UsageToday> TodayAsync();
}

/// <summary>Totals of one day so far.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.usage-today")]
public sealed record UsageToday
{
    /// <summary>Start of the day.</summary>
    [Id(0)] public required DateTimeOffset Since { get; init; }

    /// <summary>Groups: team, app, model, in this order. At most 1 000 rows; the rest is in the reports.</summary>
    [Id(1)] public required ImmutableArray<UsageTotals> Rows { get; init; }

    /// <summary>Usage events heard on the stream since this activation.</summary>
    [Id(2)] public required long EventsHeard { get; init; }
}

/// <summary>Names of the usage stream: one stream per tenant.</summary>
public static class UsageStream
{
    /// <summary>The stream provider.</summary>
    public const string Provider = "usage";

    /// <summary>The stream namespace; the stream's key is the tenant.</summary>
    public const string Namespace = "usage";
}
