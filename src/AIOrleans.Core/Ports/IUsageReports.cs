using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Ports;

/// <summary>What <see cref="IUsageReports"/> can group by. Tags group by their name.</summary>
public enum UsageGroup
{
    Tenant,
    Org,
    Team,
    User,
    Key,
    App,
    Model,
    Provider,
    Operation,
    Day,
    Tag,
}

/// <summary>Which events to add up.</summary>
/// <param name="From">First settling instant.</param>
/// <param name="To">First instant no longer included.</param>
/// <param name="Groups">At most four; each row has one value per group, in this order.</param>
/// <param name="TagNames">The tag of each <see cref="UsageGroup.Tag"/> in <paramref name="Groups"/>, in order.</param>
/// <param name="Within">Only events charged to this account; null for all.</param>
public sealed record UsageQuery(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<UsageGroup> Groups, IReadOnlyList<string> TagNames, AccountId? Within);

/// <summary>Totals of one group.</summary>
/// <param name="Values">One per group; null where the events have none (a service key has no user).</param>
/// <param name="UnpricedAttempts">Attempts at deployments that have no price, and therefore cost nothing.</param>
public sealed record UsageTotals(
    IReadOnlyList<string?> Values, long Requests, long Attempts, long Failures, long EstimatedAttempts, TokenUsage Usage, NanoUsd Cost,
    long UnpricedAttempts = 0);

/// <summary>Reads the ledger for people; never on the path of a request.</summary>
public interface IUsageReports
{
    /// <summary>Grouped totals, largest cost first, at most <paramref name="rowsMax"/>.</summary>
    Task<IReadOnlyList<UsageTotals>> ReadTotalsAsync(UsageQuery query, int rowsMax, CancellationToken cancellationToken);

    /// <summary>Single events of <paramref name="query"/>, newest first, before <paramref name="beforeSequence"/> (null: from the newest).</summary>
    Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(UsageQuery query, long? beforeSequence, int countMax, CancellationToken cancellationToken);
}
