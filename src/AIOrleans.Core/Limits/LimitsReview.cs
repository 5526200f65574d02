using System.Globalization;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Limits;

/// <summary>Reads limits as an administrator means them and says, in words, which of them do nothing or stop everything.</summary>
/// <remarks>Findings are warnings: a limit that a parent makes pointless today may matter again when the parent is raised.</remarks>
public static class LimitsReview
{
    /// <summary>Findings about <paramref name="limits"/>, most of them one sentence.</summary>
    /// <param name="parents">Limits above, outermost first, with the name to show; each also counts everything below it.</param>
    /// <param name="knownOperations">Names that the gateway gives to operations; null: not checked.</param>
    public static IReadOnlyList<string> Review(
        LimitsConfig limits, IReadOnlyList<(string Name, LimitsConfig Limits)> parents, IReadOnlySet<string>? knownOperations = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(parents);
        var findings = new List<string>();
        ReviewRate(findings, "requestsPerMinute", limits.RequestsPerMinute, "requestBurst", limits.RequestBurst);
        ReviewRate(findings, "tokensPerMinute", limits.TokensPerMinute, "tokenBurst", limits.TokenBurst);
        if (limits.Concurrent == 0)
        {
            findings.Add("concurrent is 0: every call is refused.");
        }

        if (limits.Adaptive && limits.RequestsPerMinute is null && limits.TokensPerMinute is null)
        {
            findings.Add("adaptive has no effect: there is no rate that could follow the load.");
        }

        ReviewQuotas(findings, limits, knownOperations);
        foreach ((string name, LimitsConfig parent) in parents)
        {
            ReviewParent(findings, limits, name, parent);
        }

        return findings;
    }

    private static void ReviewRate(List<string> findings, string rateName, long? rate, string burstName, long? burst)
    {
        if (rate is null && burst is not null)
        {
            findings.Add($"{burstName} has no effect without {rateName}.");
        }
        else if (rate is not null && (burst ?? rate) == 0)
        {
            findings.Add($"{(burst is null ? rateName : burstName)} is 0: every call is refused.");
        }
        else if (rate == 0)
        {
            findings.Add($"{rateName} is 0: once {burstName} is used up, every call is refused for ever.");
        }
        else if (rateName == "tokensPerMinute" && burst < rate / 60)
        {
            findings.Add($"{burstName} is less than one second of {rateName}: calls larger than {Number(burst ?? 0)} tokens can never fit.");
        }
    }

    private static void ReviewQuotas(List<string> findings, LimitsConfig limits, IReadOnlySet<string>? knownOperations)
    {
        for (int i = 0; i < limits.Quotas.Count; i++)
        {
            QuotaConfig quota = limits.Quotas[i];
            if (quota.Amount == 0 && IsEnforced(quota))
            {
                findings.Add($"{quota.Name} is 0: {(quota.Operation is null ? "every call" : $"every '{quota.Operation}' call")} is refused.");
            }

            ReviewOperation(findings, quota, knownOperations);
            if (quota.Mode == QuotaMode.Expected && quota.Metric is QuotaMetric.Requests or QuotaMetric.Operations)
            {
                findings.Add($"{quota.Name} is 'expected', which for requests is the same as 'strict': a request is always one.");
            }

            if (limits.Quotas.Take(i).Any(other => other.Name == quota.Name && other.Mode == quota.Mode))
            {
                findings.Add($"{quota.Name} is there twice; the smaller amount decides.");
            }
            else if (limits.Quotas.FirstOrDefault(other => other != quota && Shadows(other, quota)) is { } tighter)
            {
                findings.Add($"{Described(quota)} can never be reached: {Described(tighter)} is tighter.");
            }
        }

        foreach (QuotaConfig quota in limits.Quotas.Where(quota => CanPassMoreThan(limits, quota) == false && IsEnforced(quota)))
        {
            findings.Add($"{Described(quota)} can never be reached: the rate of this account lets less through.");
        }
    }

    private static void ReviewOperation(List<string> findings, QuotaConfig quota, IReadOnlySet<string>? knownOperations)
    {
        if (quota.Metric == QuotaMetric.Operations && string.IsNullOrEmpty(quota.Operation))
        {
            findings.Add($"{quota.Name} names no operation: it can never match.");
        }
        else if (quota.Metric != QuotaMetric.Operations && quota.Operation is not null)
        {
            findings.Add($"{quota.Name} counts all operations: only 'operations' quotas look at the name '{quota.Operation}'.");
        }
        else if (quota.Operation is { } operation && knownOperations?.Contains(operation) == false)
        {
            string known = string.Join(", ", knownOperations.Order(StringComparer.Ordinal));
            findings.Add($"{quota.Name} can never match: there is no operation '{operation}' (known: {known}).");
        }
    }

    private static void ReviewParent(List<string> findings, LimitsConfig limits, string name, LimitsConfig parent)
    {
        ReviewAgainst(findings, "requestsPerMinute", limits.RequestsPerMinute, name, parent.RequestsPerMinute);
        ReviewAgainst(findings, "tokensPerMinute", limits.TokensPerMinute, name, parent.TokensPerMinute);
        ReviewAgainst(findings, "concurrent", limits.Concurrent, name, parent.Concurrent);
        foreach (QuotaConfig quota in limits.Quotas)
        {
            if (parent.Quotas.FirstOrDefault(other => Shadows(other, quota)) is { } tighter)
            {
                findings.Add($"{Described(quota)} can never be reached: {Described(tighter)} of {name} is tighter.");
            }
        }
    }

    private static void ReviewAgainst(List<string> findings, string limit, long? own, string name, long? parents)
    {
        if (own > parents)
        {
            findings.Add($"{limit} {Number(own.Value)} can never be reached: {name} has {Number(parents.Value)}.");
        }
    }

    /// <summary>True when <paramref name="tighter"/> always refuses first: it counts at least as much, for at least as long, and allows less.</summary>
    private static bool Shadows(QuotaConfig tighter, QuotaConfig quota)
    {
        bool countsTheSame = tighter.Metric == quota.Metric && tighter.Operation == quota.Operation;
        bool countsMore = tighter.Metric == QuotaMetric.Requests && quota.Metric == QuotaMetric.Operations;

        // A strict quota refuses no later than one that holds only an estimate, or than one that only watches.
        bool refusesNoLater = tighter.Mode == QuotaMode.Strict || (tighter.Mode == QuotaMode.Expected && quota.Mode is QuotaMode.Expected or QuotaMode.Warn);
        return (countsTheSame || countsMore) && refusesNoLater && IsWithin(quota.Period, tighter.Period) && tighter.Amount < quota.Amount;
    }

    /// <summary>True when every <paramref name="inner"/> period lies in one <paramref name="outer"/> period. A week may lie in two months.</summary>
    private static bool IsWithin(QuotaPeriod inner, QuotaPeriod outer) =>
        inner == outer || outer == QuotaPeriod.Total || (inner != QuotaPeriod.Week && inner < outer);

    /// <summary>False when the rates of the account cannot spend the quota within its period; null when they do not tell.</summary>
    private static bool? CanPassMoreThan(LimitsConfig limits, QuotaConfig quota)
    {
        (long? rate, long? burst) = quota.Metric switch
        {
            QuotaMetric.Requests or QuotaMetric.Operations => (limits.RequestsPerMinute, limits.RequestBurst),
            _ => (null, null),
        };
        return rate is null || limits.Adaptive || MinutesOf(quota.Period) is not { } minutes
            ? null
            : (Int128)rate.Value * minutes + (burst ?? rate.Value) >= quota.Amount;
    }

    // The longest that each can be: a day of 25 hours, a leap year.
    private static long? MinutesOf(QuotaPeriod period) => period switch
    {
        QuotaPeriod.Minute => 1,
        QuotaPeriod.Hour => 60,
        QuotaPeriod.Day => 25 * 60,
        QuotaPeriod.Week => ((7 * 24) + 1) * 60,
        QuotaPeriod.Month => ((31 * 24) + 1) * 60,
        QuotaPeriod.Quarter => ((92 * 24) + 1) * 60,
        QuotaPeriod.Year => ((366 * 24) + 1) * 60,
        _ => null,
    };

    private static bool IsEnforced(QuotaConfig quota) => quota.Mode is QuotaMode.Strict or QuotaMode.Expected;

    private static string Described(QuotaConfig quota) =>
        $"{quota.Name} of {(quota.Metric == QuotaMetric.Cost ? $"${new NanoUsd(quota.Amount)}" : Number(quota.Amount))}";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
