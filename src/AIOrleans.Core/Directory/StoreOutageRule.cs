using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Directory;

/// <summary>Whether a call may be made while the ledger cannot be reached.</summary>
public static class StoreOutageRule
{
    /// <summary>True when the tenant lets calls be journaled and no account below it says otherwise; an account that says nothing follows those above.</summary>
    /// <param name="path">Tenant first.</param>
    public static bool MayJournal(this DirectorySnapshot directory, IReadOnlyList<AccountId> path)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(path);
        for (int i = 0; i < path.Count; i++)
        {
            StoreOutagePolicy? policy = directory.FindAccount(path[i])?.Limits.OnStoreOutage;
            if (policy == StoreOutagePolicy.Deny || (i == 0 && policy is null))
            {
                return false;
            }
        }

        return path.Count > 0;
    }

    /// <summary>True when some tenant lets calls be journaled: then a process without its store is better than none.</summary>
    public static bool AnyMayJournal(this DirectorySnapshot directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return directory.Tenants.Values.Any(tenant => tenant.Limits.OnStoreOutage == StoreOutagePolicy.AllowAndJournal);
    }
}
