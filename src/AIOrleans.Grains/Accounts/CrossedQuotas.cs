using System.Globalization;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Accounts;

/// <summary>Tells of <c>warn</c> quotas that were crossed.</summary>
internal static class CrossedQuotas
{
    public static void Tell(AccountBook? book, DateTimeOffset now, ILogger logger)
    {
        if (book?.TakeCrossed(now) is not { Count: > 0 } crossed)
        {
            return;
        }

        string account = book.ViewAt(now).Account.ToString();
        foreach (QuotaLive quota in crossed)
        {
            AccountLog.QuotaCrossed(
                logger, account, quota.Limit, Amount(quota.Metric, quota.Used), Amount(quota.Metric, quota.Amount),
                quota.EndsAt?.ToString("O", CultureInfo.InvariantCulture) ?? "for ever");
        }
    }

    private static string Amount(QuotaMetric metric, long value) =>
        metric == QuotaMetric.Cost ? "$" + new NanoUsd(value) : value.ToString("N0", CultureInfo.InvariantCulture);
}
