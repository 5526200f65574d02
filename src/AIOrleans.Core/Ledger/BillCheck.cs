using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Ledger;

/// <summary>Which part of the ledger to check. Periods that it holds only in part are not compared.</summary>
/// <param name="From">First settling instant; null: from the beginning.</param>
/// <param name="To">First instant no longer included; null: to the end.</param>
/// <param name="Tenant">The tenant's account; null: all.</param>
public sealed record BillQuery(DateTimeOffset? From, DateTimeOffset? To, AccountId? Tenant);

/// <summary>A stored sum of one account, period and operation.</summary>
public readonly record struct StoredWindow(AccountId Account, StoredPeriod Period, DateTimeOffset StartsAt, string Operation, WindowSum Sum);

/// <summary>What is summed per period.</summary>
public readonly record struct WindowSum(long Requests, long Tokens, NanoUsd Cost)
{
    public override string ToString() => $"{Requests} requests, {Tokens} tokens, {Cost} USD";
}

/// <summary>Recomputes every event's cost from its token classes and its price, and every account's days and months from the events.</summary>
/// <remarks>Give it events and windows of one moment of the ledger, in any order, then <see cref="Finish"/>. Not thread-safe.</remarks>
public sealed class BillCheck(BillQuery query, PriceBook book)
{
    /// <summary>Most mismatches kept; the rest are counted.</summary>
    public const int MismatchesMax = 1_000;

    /// <summary>Most sums of periods in memory, some hundred megabytes: beyond it only events are checked.</summary>
    public const int WindowsMax = 1_000_000;

    // The longest periods there are: a day of 25 hours, a month of 31 days with one.
    private static readonly TimeSpan DayMax = TimeSpan.FromTicks(25 * TimeSpan.TicksPerHour);
    private static readonly TimeSpan MonthMax = TimeSpan.FromTicks(((31 * 24) + 1) * TimeSpan.TicksPerHour);

    private readonly Dictionary<(AccountId Account, StoredPeriod Period, DateTimeOffset StartsAt, string Operation), (WindowSum Events, WindowSum Stored)> windows = [];
    private readonly List<BillMismatch> mismatches = [];
    private int mismatchCount;
    private bool isTooLarge;
    private BillReport report = new();

    /// <summary>Takes one event.</summary>
    public void Add(UsageEvent e)
    {
        report = report with { Events = report.Events + 1, Cost = report.Cost + e.Cost };
        CheckCost(e);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(e.Attribution.TimeZone, out TimeZoneInfo? zone))
        {
            Report("calendar", NameOf(e), e.Attribution.TimeZone, "a time zone that this machine knows");
            return;
        }

        var sum = new WindowSum(e.Requests, e.Usage.Total, e.Cost);
        if (sum == default)
        {
            return;
        }

        DateTimeOffset day = CalendarPeriod.StartOf(QuotaPeriod.Day, e.SettledAt, zone);
        DateTimeOffset month = CalendarPeriod.StartOf(QuotaPeriod.Month, e.SettledAt, zone);
        foreach (AccountId account in e.Path)
        {
            Sum(account, StoredPeriod.Day, day, e.Operation, sum, default);
            Sum(account, StoredPeriod.Month, month, e.Operation, sum, default);
        }
    }

    /// <summary>Takes one stored sum. Minutes and hours are pruned, and not compared.</summary>
    public void Add(StoredWindow window)
    {
        if (window.Period is StoredPeriod.Day or StoredPeriod.Month && (query.Tenant is not { } tenant || tenant.Tenant == window.Account.Tenant))
        {
            Sum(window.Account, window.Period, window.StartsAt, window.Operation, default, window.Sum);
        }
    }

    /// <summary>What was found.</summary>
    public BillReport Finish()
    {
        int compared = 0;
        foreach (((AccountId account, StoredPeriod period, DateTimeOffset startsAt, string operation), (WindowSum events, WindowSum stored)) in windows)
        {
            if (isTooLarge)
            {
                break;
            }

            compared++;
            if (events != stored)
            {
                Report("window", $"{account} {period.ToString().ToLowerInvariant()} of {startsAt:O} {operation}", stored.ToString(), events.ToString());
            }
        }

        return report with { Windows = compared, WindowsTooMany = isTooLarge, Mismatches = mismatches, MismatchCount = mismatchCount };
    }

    private void CheckCost(UsageEvent e)
    {
        if (e.IsOrphanEstimate)
        {
            report = report with { Orphans = report.Orphans + 1 };
            return;
        }

        if (e.PriceVersion.Length == 0)
        {
            report = report with { Unpriced = report.Unpriced + (e.Usage.Total > 0 || e.Usage.ToUnits() != default ? 1 : 0) };
            Compare("cost", e, e.Cost.ToString(), NanoUsd.Zero.ToString());
            return;
        }

        if (!book.Versions.TryGetValue(e.PriceVersion, out ModelPrice? price))
        {
            Report(BillMismatch.UnknownVersion, NameOf(e), e.PriceVersion, "a version of the price history");
            return;
        }

        NanoUsd cost = price.CostOf(e.Usage, e.Service);
        Compare("cost", e, e.Cost.ToString(), (e.CostMax is { } max && max < cost ? max : cost).ToString());
        Compare("tier", e, $"above {e.TierAboveTokens}", $"above {price.TierOf(e.Usage.TotalInput, e.Service)}");
        report = report with { Recomputed = report.Recomputed + 1 };
    }

    private void Compare(string kind, UsageEvent e, string stored, string recomputed)
    {
        if (stored != recomputed)
        {
            Report(kind, NameOf(e), stored, recomputed);
        }
    }

    private void Sum(AccountId account, StoredPeriod period, DateTimeOffset startsAt, string operation, WindowSum events, WindowSum stored)
    {
        DateTimeOffset start = startsAt.ToUniversalTime();
        bool isWhole = (query.From is not { } from || start >= from) && (query.To is not { } to || start + (period == StoredPeriod.Day ? DayMax : MonthMax) <= to);
        if (!isWhole || isTooLarge)
        {
            return;
        }

        var key = (account, period, start, operation);
        (WindowSum Events, WindowSum Stored) known = windows.GetValueOrDefault(key);
        windows[key] = (Plus(known.Events, events), Plus(known.Stored, stored));
        isTooLarge = windows.Count > WindowsMax;
    }

    private void Report(string kind, string subject, string stored, string recomputed)
    {
        mismatchCount++;
        if (mismatches.Count < MismatchesMax)
        {
            mismatches.Add(new BillMismatch(kind, subject, stored, recomputed));
        }
    }

    private static string NameOf(UsageEvent e) => $"request {e.HoldId} attempt {e.Attempt}";

    private static WindowSum Plus(WindowSum left, WindowSum right) =>
        checked(new WindowSum(left.Requests + right.Requests, left.Tokens + right.Tokens, left.Cost + right.Cost));
}

/// <summary>What recomputing a bill found.</summary>
public sealed record BillReport
{
    /// <summary>Events read.</summary>
    public long Events { get; init; }

    /// <summary>Of them, those whose cost was recomputed from token classes and price.</summary>
    public long Recomputed { get; init; }

    /// <summary>Of them, those with tokens and no price, which cost nothing.</summary>
    public long Unpriced { get; init; }

    /// <summary>Of them, those charged by the hold of a process that died: their tokens were never known.</summary>
    public long Orphans { get; init; }

    /// <summary>What all of them cost, as stored.</summary>
    public NanoUsd Cost { get; init; }

    /// <summary>Days and months of accounts that were compared.</summary>
    public int Windows { get; init; }

    /// <summary>True when there were too many to compare: ask for a shorter time or one tenant.</summary>
    public bool WindowsTooMany { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<BillMismatch> Mismatches { get; init; } = [];

    /// <summary>All of them; 0 when the ledger is the bill.</summary>
    public int MismatchCount { get; init; }

    /// <summary>True when everything was compared and nothing differs.</summary>
    public bool IsVerified => MismatchCount == 0 && !WindowsTooMany;
}

/// <summary>Something that is stored and cannot be recomputed.</summary>
/// <param name="Kind"><c>cost</c>, <c>tier</c>, <c>version</c>, <c>window</c> or <c>calendar</c>.</param>
public sealed record BillMismatch(string Kind, string Subject, string Stored, string Recomputed)
{
    /// <summary>The <see cref="Kind"/> of an event whose price is not in the book.</summary>
    public const string UnknownVersion = "version";
}
