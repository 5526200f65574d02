using System.Diagnostics.CodeAnalysis;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;

namespace AIOrleans.Core.Directory;

/// <summary>The callers of one snapshot, by the hash of their key's secret. A caller is resolved when it first calls, and anew when what its accounts allow has changed.</summary>
public readonly struct CallerMap
{
    private readonly DirectorySnapshot directory;

    internal CallerMap(DirectorySnapshot directory) => this.directory = directory;

    /// <summary>The caller; of several keys with the same secret that of the first by id. Revoked and expired keys have one too, so that they can be told apart.</summary>
    public bool TryGetValue(string hash, [NotNullWhen(true)] out Caller? caller)
    {
        caller = directory.Secrets.Find(hash, directory.Keys)?.CallerBy(directory.Access, Resolve);
        return caller is not null;
    }

    public Caller? GetValueOrDefault(string hash) => TryGetValue(hash, out Caller? caller) ? caller : null;

    private Caller Resolve(KeyConfig key)
    {
        string orgId = AccountId.Escape(key.Tenant) + "." + AccountId.Escape(key.Org);
        string Below(string? name) => name is null ? "" : orgId + "." + AccountId.Escape(name);
        return Caller.Of(
            key,
            directory.Tenants.GetValueOrDefault(AccountId.Escape(key.Tenant)),
            directory.Orgs.GetValueOrDefault(orgId),
            directory.Teams.GetValueOrDefault(Below(key.Team)),
            directory.Users.GetValueOrDefault(Below(key.User)),
            directory.Apps.GetValueOrDefault(Below(key.App)));
    }
}
