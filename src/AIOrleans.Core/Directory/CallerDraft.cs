using System.Collections.Immutable;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;

namespace AIOrleans.Core.Directory;

/// <summary>Brings the callers and their index up to date after a batch of records.</summary>
/// <param name="start">The snapshot before the batch.</param>
/// <param name="keys">Every key after the batch.</param>
/// <param name="resolve">Makes the caller of a key from the records after the batch.</param>
internal sealed class CallerDraft(
    DirectorySnapshot start, IReadOnlyDictionary<string, KeyConfig> keys, Func<KeyConfig, Caller> resolve)
{
    private readonly ImmutableDictionary<string, Caller>.Builder callers = start.CallersByHash.ToBuilder();
    private readonly ChildrenDraft children = new(start.Index.Children);
    private readonly ImmutableDictionary<string, ImmutableSortedSet<AccountId>>.Builder sharedHashes = start.Index.SharedHashes.ToBuilder();
    private readonly HashSet<string> stale = new(StringComparer.Ordinal);

    public ImmutableDictionary<string, Caller> CallersByHash => callers.ToImmutable();

    public CallerIndex Index => new(children.Finish(), sharedHashes.ToImmutable());

    /// <param name="changedKeys">Record ids of keys that were written or removed.</param>
    /// <param name="changedParents">Accounts whose callers must be resolved anew.</param>
    public void Refresh(IReadOnlySet<string> changedKeys, IReadOnlySet<AccountId> changedParents)
    {
        foreach (string id in changedKeys)
        {
            stale.Add(id);
            if (start.Keys.TryGetValue(id, out KeyConfig? before))
            {
                Withdraw(before);
            }
        }

        foreach (string id in changedKeys)
        {
            if (keys.TryGetValue(id, out KeyConfig? now))
            {
                Link(now);
            }
        }

        foreach (AccountId parent in changedParents)
        {
            MarkBelow(parent);
        }

        foreach (string id in stale)
        {
            if (keys.TryGetValue(id, out KeyConfig? key))
            {
                Place(key);
            }
        }
    }

    /// <summary>The accounts whose change concerns a key, its tenant aside.</summary>
    private static IEnumerable<AccountId> ParentsOf(KeyConfig key)
    {
        yield return OrgOf(key);
        foreach ((AccountKind kind, string? name) in new[] { (AccountKind.Team, key.Team), (AccountKind.User, key.User), (AccountKind.App, key.App) })
        {
            if (name is not null)
            {
                yield return AccountId.Of(kind, key.Tenant, key.Org, name);
            }
        }
    }

    private static AccountId OrgOf(KeyConfig key) => AccountId.Of(AccountKind.Org, key.Tenant, key.Org);

    private static AccountId TenantOf(KeyConfig key) => AccountId.Of(AccountKind.Tenant, key.Tenant);

    // Keys that shared the secret are placed anew: one of them may be the caller now.
    private void Withdraw(KeyConfig key)
    {
        Unlink(key);
        if (sharedHashes.TryGetValue(key.SecretHash, out ImmutableSortedSet<AccountId>? sharers))
        {
            stale.UnionWith(sharers.Select(account => account.Path));
            sharedHashes.Remove(key.SecretHash);
        }

        callers.Remove(key.SecretHash);
    }

    private void Place(KeyConfig key)
    {
        Caller caller = resolve(key);
        string hash = key.SecretHash;
        AccountId account = key.Account;
        AccountId holder = callers.TryGetValue(hash, out Caller? before) && before.Key is { } held ? held.Account : account;
        if (holder == account)
        {
            callers[hash] = caller;
            return;
        }

        sharedHashes[hash] = sharedHashes.GetValueOrDefault(hash, [holder]).Add(account);
        if (account.CompareTo(holder) < 0)
        {
            callers[hash] = caller;
        }
    }

    private void Link(KeyConfig key)
    {
        foreach (AccountId parent in ParentsOf(key))
        {
            children.Add(parent, key.Account);
        }

        children.Add(TenantOf(key), OrgOf(key));
    }

    private void Unlink(KeyConfig key)
    {
        foreach (AccountId parent in ParentsOf(key))
        {
            children.Remove(parent, key.Account);
        }

        if (!children.Of(OrgOf(key)).Any())
        {
            children.Remove(TenantOf(key), OrgOf(key));
        }
    }

    private void MarkBelow(AccountId account)
    {
        if (account.Kind == AccountKind.Key)
        {
            stale.Add(account.Path);
            return;
        }

        foreach (AccountId child in children.Of(account))
        {
            MarkBelow(child);
        }
    }
}
