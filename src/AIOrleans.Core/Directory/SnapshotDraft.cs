using System.Collections.Immutable;
using System.Text;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>A snapshot in the making: the one before, with records put into it.</summary>
internal sealed class SnapshotDraft(DirectorySnapshot start)
{
    private readonly ImmutableDictionary<string, ProviderConfig>.Builder providers = start.Providers.ToBuilder();
    private readonly ImmutableDictionary<string, ModelConfig>.Builder models = start.Models.ToBuilder();
    private readonly ImmutableDictionary<string, AdminConfig>.Builder admins = start.Admins.ToBuilder();
    private readonly ImmutableDictionary<string, string>.Builder unreadable = start.UnreadableChanges.ToBuilder();
    private RecordMap<TenantConfig> tenants = start.Tenants;
    private RecordMap<OrgConfig> orgs = start.Orgs;
    private RecordMap<TeamConfig> teams = start.Teams;
    private RecordMap<UserConfig> users = start.Users;
    private RecordMap<AppConfig> apps = start.Apps;
    private RecordMap<KeyConfig> keys = start.Keys;
    private SecretIndex secrets = start.Secrets;
    private object access = start.Access;

    public void Put(DirectoryRecord record, ISecretVault vault)
    {
        DirectoryEntry? entry = record.Deleted ? null : TryRead(record, vault);
        if (record.Deleted || entry is not null)
        {
            unreadable.Remove(NameOf(record.Kind, record.Id));
        }

        switch (record.Kind)
        {
            case RecordKind.Tenant: PutParent(ref tenants, record.Id, entry); break;
            case RecordKind.Org: PutParent(ref orgs, record.Id, entry); break;
            case RecordKind.Team: PutParent(ref teams, record.Id, entry); break;
            case RecordKind.User: PutParent(ref users, record.Id, entry); break;
            case RecordKind.App: PutParent(ref apps, record.Id, entry); break;
            case RecordKind.Key: PutKey(record.Id, (KeyConfig?)entry); break;
            case RecordKind.Provider: Put(providers, record.Id, entry); break;
            case RecordKind.Model: Put(models, record.Id, entry); break;
            case RecordKind.Admin: Put(admins, record.Id, entry); break;
        }
    }

    public DirectorySnapshot Finish(long revision) => start with
    {
        Revision = revision,
        Tenants = tenants,
        Orgs = orgs,
        Teams = teams,
        Users = users,
        Apps = apps,
        Keys = keys,
        Providers = providers.ToImmutable(),
        Models = models.ToImmutable(),
        Admins = admins.ToImmutable(),
        UnreadableChanges = unreadable.ToImmutable(),
        AdminsByHash = AdminsByHash(),
        Secrets = secrets,
        Access = access,
    };

    /// <summary>What an unreadable record is named by.</summary>
    public static string NameOf(RecordKind kind, string id) => $"{kind}:{id}";

    private static void Put<T>(ImmutableDictionary<string, T>.Builder map, string id, DirectoryEntry? entry)
        where T : DirectoryEntry
    {
        if (entry is null)
        {
            map.Remove(id);
        }
        else
        {
            map[id] = (T)entry;
        }
    }

    private DirectoryEntry? TryRead(DirectoryRecord record, ISecretVault vault)
    {
        try
        {
            return DirectoryJson.Read(record, vault);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            unreadable[NameOf(record.Kind, record.Id)] = e.Message;
            return null;
        }
    }

    // Limits are read from the snapshot at use; a caller holds only what is compared here.
    private void PutParent<T>(ref RecordMap<T> map, string id, DirectoryEntry? entry)
        where T : AccountEntry
    {
        var now = (T?)entry;
        T? before = map.GetValueOrDefault(id);
        if (!Equals(before?.Access, now?.Access) || (before as TenantConfig)?.TimeZone != (now as TenantConfig)?.TimeZone)
        {
            access = new object();
        }

        map = map.With([new(id, now)]);
    }

    private void PutKey(string id, KeyConfig? now)
    {
        secrets = secrets.Move(id, HashOf(id), now?.SecretHash);
        keys = keys.With([new(id, now)]);
    }

    /// <summary>By what the index knows the key; a loaded key that cannot be read is in it too.</summary>
    private string? HashOf(string id)
    {
        if (keys.HasChanged(id))
        {
            return keys.GetValueOrDefault(id)?.SecretHash;
        }

        int row = keys.Loaded.IndexOf(id);
        return row >= 0 && keys.Loaded.SecretHashOf(row) is { IsEmpty: false } hash ? Encoding.UTF8.GetString(hash) : null;
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
