using System.Collections.Immutable;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>A snapshot in the making. Callers are resolved last, when every record of the batch is in place.</summary>
internal sealed class SnapshotDraft(DirectorySnapshot start)
{
    private readonly ImmutableDictionary<string, TenantConfig>.Builder tenants = start.Tenants.ToBuilder();
    private readonly ImmutableDictionary<string, OrgConfig>.Builder orgs = start.Orgs.ToBuilder();
    private readonly ImmutableDictionary<string, TeamConfig>.Builder teams = start.Teams.ToBuilder();
    private readonly ImmutableDictionary<string, UserConfig>.Builder users = start.Users.ToBuilder();
    private readonly ImmutableDictionary<string, AppConfig>.Builder apps = start.Apps.ToBuilder();
    private readonly ImmutableDictionary<string, KeyConfig>.Builder keys = start.Keys.ToBuilder();
    private readonly ImmutableDictionary<string, ProviderConfig>.Builder providers = start.Providers.ToBuilder();
    private readonly ImmutableDictionary<string, ModelConfig>.Builder models = start.Models.ToBuilder();
    private readonly ImmutableDictionary<string, AdminConfig>.Builder admins = start.Admins.ToBuilder();
    private readonly ImmutableDictionary<string, string>.Builder unreadable = start.Unreadable.ToBuilder();
    private readonly HashSet<AccountId> changedParents = [];
    private readonly HashSet<string> changedKeys = new(StringComparer.Ordinal);

    public void Put(DirectoryRecord record, ISecretVault vault)
    {
        DirectoryEntry? entry = record.Deleted ? null : TryRead(record, vault);
        if (record.Deleted || entry is not null)
        {
            unreadable.Remove(NameOf(record));
        }

        switch (record.Kind)
        {
            case RecordKind.Tenant: NoteParent(Replace(tenants, record.Id, entry), entry); break;
            case RecordKind.Org: NoteParent(Replace(orgs, record.Id, entry), entry); break;
            case RecordKind.Team: NoteParent(Replace(teams, record.Id, entry), entry); break;
            case RecordKind.User: NoteParent(Replace(users, record.Id, entry), entry); break;
            case RecordKind.App: NoteParent(Replace(apps, record.Id, entry), entry); break;
            case RecordKind.Key:
                Replace(keys, record.Id, entry);
                changedKeys.Add(record.Id);
                break;
            case RecordKind.Provider: Replace(providers, record.Id, entry); break;
            case RecordKind.Model: Replace(models, record.Id, entry); break;
            case RecordKind.Admin: Replace(admins, record.Id, entry); break;
        }
    }

    public DirectorySnapshot Finish(long revision)
    {
        var callers = new CallerDraft(start, keys, Resolve);
        callers.Refresh(changedKeys, changedParents);
        return start with
        {
            Revision = revision,
            Tenants = tenants.ToImmutable(),
            Orgs = orgs.ToImmutable(),
            Teams = teams.ToImmutable(),
            Users = users.ToImmutable(),
            Apps = apps.ToImmutable(),
            Keys = keys.ToImmutable(),
            Providers = providers.ToImmutable(),
            Models = models.ToImmutable(),
            Admins = admins.ToImmutable(),
            Unreadable = unreadable.ToImmutable(),
            CallersByHash = callers.CallersByHash,
            AdminsByHash = AdminsByHash(),
            Index = callers.Index,
        };
    }

    private static string NameOf(DirectoryRecord record) => $"{record.Kind}:{record.Id}";

    private static T? Replace<T>(ImmutableDictionary<string, T>.Builder map, string id, DirectoryEntry? entry)
        where T : DirectoryEntry
    {
        map.TryGetValue(id, out T? before);
        if (entry is null)
        {
            map.Remove(id);
        }
        else
        {
            map[id] = (T)entry;
        }

        return before;
    }

    private DirectoryEntry? TryRead(DirectoryRecord record, ISecretVault vault)
    {
        try
        {
            return DirectoryJson.Read(record, vault);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            unreadable[NameOf(record)] = e.Message;
            return null;
        }
    }

    // Limits are read from the snapshot at use; a caller holds only what is compared here.
    private void NoteParent(AccountEntry? before, DirectoryEntry? entry)
    {
        var now = (AccountEntry?)entry;
        if (Equals(before?.Access, now?.Access) && (before as TenantConfig)?.TimeZone == (now as TenantConfig)?.TimeZone)
        {
            return;
        }

        if ((now ?? before) is { } account)
        {
            changedParents.Add(account.Account);
        }
    }

    private Caller Resolve(KeyConfig key)
    {
        string orgId = AccountId.Escape(key.Tenant) + "." + AccountId.Escape(key.Org);
        string Below(string? name) => name is null ? "" : orgId + "." + AccountId.Escape(name);
        return Caller.Of(
            key,
            tenants.GetValueOrDefault(AccountId.Escape(key.Tenant)),
            orgs.GetValueOrDefault(orgId),
            teams.GetValueOrDefault(Below(key.Team)),
            users.GetValueOrDefault(Below(key.User)),
            apps.GetValueOrDefault(Below(key.App)));
    }

    private ImmutableDictionary<string, string> AdminsByHash()
    {
        if (ReferenceEquals(admins.ToImmutable(), start.Admins))
        {
            return start.AdminsByHash;
        }

        var byHash = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (AdminConfig admin in admins.Values.OrderBy(a => a.Id, StringComparer.Ordinal))
        {
            byHash.TryAdd(admin.SecretHash, admin.Id);
        }

        return byHash.ToImmutable();
    }
}
