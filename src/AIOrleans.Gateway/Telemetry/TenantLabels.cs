using System.Collections.Concurrent;
using System.Diagnostics;
using AIOrleans.Core.Accounts;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>The label of a tenant: its own for the first so many that call, <c>other</c> for the rest, so that metrics stay bounded. Thread-safe.</summary>
internal sealed class TenantLabels(IOptions<TelemetryOptions> options)
{
    private const string Other = "other";

    private readonly int max = options.Value.TenantsMax;
    private readonly ConcurrentDictionary<AccountId, string> names = new();
    private readonly Lock gate = new();

    /// <summary>Adds the label <c>tenant</c>, where there is to be one.</summary>
    /// <param name="tenant">Null: the call was refused before anybody knew whose it is.</param>
    public void AddTo(ref TagList tags, AccountId? tenant)
    {
        if (max > 0)
        {
            tags.Add("tenant", tenant is { } known ? NameOf(known) : Other);
        }
    }

    private string NameOf(AccountId tenant)
    {
        if (names.TryGetValue(tenant, out string? name))
        {
            return name;
        }

        lock (gate)
        {
            return names.Count < max ? names.GetOrAdd(tenant, static id => id.Tenant) : Other;
        }
    }
}
