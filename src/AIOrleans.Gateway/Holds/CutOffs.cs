using AIOrleans.Core.Limits;
using AIOrleans.Gateway.Flow;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Holds;

/// <summary>Puts a guard beside each stream that some quota of its path may cut off.</summary>
internal sealed class CutOffs(HoldGrowth growth, ILogger<CutOffs> logger)
{
    /// <summary>Null when no quota of the path has <see cref="QuotaConfig.CutOff"/>: nothing is to be watched.</summary>
    public CutOffGuard? Begin(Exchange exchange)
    {
        foreach (var account in exchange.Held!.Path) // ! Step 5 came before.
        {
            if (exchange.Directory.FindAccount(account) is { Limits.Quotas: { Count: > 0 } quotas } && quotas.Any(quota => quota.CutOff))
            {
                return new CutOffGuard(growth, exchange, logger);
            }
        }

        return null;
    }
}
