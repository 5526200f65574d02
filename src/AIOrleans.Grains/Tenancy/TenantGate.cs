using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Tenancy;

/// <summary>Refuses, at the entry of a grain, what is asked for on behalf of a caller of another tenant.</summary>
/// <remarks>
/// The caller comes with the message, from the directory and not from the path. Not a call filter: a filter allocates for every call of every grain, and in the
/// Embedded edition keeps calls from running inline. Work of the gateway itself names no caller, and neither does the management API.
/// Benchmark: HoldSettleThroughput.
/// </remarks>
internal static class TenantGate
{
    /// <summary>A request asks for accounts of its caller's tenant only.</summary>
    /// <exception cref="ForeignTenantException">Some account belongs to another one.</exception>
    public static void Check(HoldCommand command, ILogger logger)
    {
        foreach (AccountId account in command.Path)
        {
            Check(account, command.Attribution.KeyId, logger);
        }
    }

    /// <param name="callerId">The key that calls, <c>acme.eng.k1</c>; null: nobody's.</param>
    /// <exception cref="ForeignTenantException"><paramref name="account"/> belongs to another tenant.</exception>
    public static void Check(AccountId account, string? callerId, ILogger logger)
    {
        if (callerId is not null && !account.IsOfTenantOf(callerId))
        {
            throw Refused(account.ToString(), callerId, logger);
        }
    }

    /// <param name="key">The key of a grain that begins with its tenant: <c>acme.eng.k1/9f86…</c>.</param>
    /// <param name="tenant">As configured, not escaped.</param>
    /// <exception cref="ForeignTenantException"><paramref name="key"/> belongs to another tenant.</exception>
    public static void Check(string key, string tenant, ILogger logger)
    {
        if (!key.StartsWith($"{AccountId.Escape(tenant)}.", StringComparison.Ordinal))
        {
            throw Refused(key, tenant, logger);
        }
    }

    private static ForeignTenantException Refused(string target, string caller, ILogger logger)
    {
        TenancyLog.Refused(logger, target, caller);
        return new ForeignTenantException($"{target} does not belong to the tenant of {caller}.");
    }
}
