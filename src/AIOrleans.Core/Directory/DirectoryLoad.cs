using System.Text;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>Takes the whole directory from a store. Accounts are kept as they are stored, and read when they are used; the few other records are read at once.</summary>
public sealed class DirectoryLoad : IRecordSink
{
    private readonly RecordTableDraft[] accounts = [.. Enum.GetValues<RecordKind>().Select(kind => new RecordTableDraft(kind))];
    private readonly Lock gate = new();
    private readonly List<DirectoryRecord> others = [];

    public void Add(RecordKind kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> body)
    {
        if (kind is RecordKind.Provider or RecordKind.Model or RecordKind.Admin)
        {
            lock (gate)
            {
                others.Add(new DirectoryRecord(kind, Encoding.UTF8.GetString(id), Encoding.UTF8.GetString(body), Revision: 0, Deleted: false));
            }
        }
        else
        {
            accounts[(int)kind].Add(id, body);
        }
    }

    /// <summary>The snapshot of what was added.</summary>
    /// <param name="revision">What the store said its newest was, before it read.</param>
    public DirectorySnapshot Finish(long revision, ISecretVault vault)
    {
        RecordTable Of(RecordKind kind) => accounts[(int)kind].Finish(vault);
        var keys = new RecordMap<KeyConfig>(Of(RecordKind.Key));
        DirectorySnapshot loaded = DirectorySnapshot.Empty with
        {
            Tenants = new RecordMap<TenantConfig>(Of(RecordKind.Tenant)),
            Orgs = new RecordMap<OrgConfig>(Of(RecordKind.Org)),
            Teams = new RecordMap<TeamConfig>(Of(RecordKind.Team)),
            Users = new RecordMap<UserConfig>(Of(RecordKind.User)),
            Apps = new RecordMap<AppConfig>(Of(RecordKind.App)),
            Keys = keys,
            Secrets = SecretIndex.Of(keys.Loaded),
            Access = new object(),
        };
        var draft = new SnapshotDraft(loaded);
        foreach (DirectoryRecord record in others)
        {
            draft.Put(record, vault);
        }

        return draft.Finish(revision);
    }
}
