using System.Text;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Tests.Configuration;

namespace AIOrleans.Core.Tests.Directory;

/// <summary>A directory that grows by records, as a store would number them.</summary>
internal sealed class TestDirectory
{
    private readonly Dictionary<(RecordKind, string), DirectoryRecord> stored = [];
    private long revision;

    public TestVault Vault { get; } = new();

    public DirectorySnapshot Snapshot { get; private set; } = DirectorySnapshot.Empty;

    public static TestDirectory Of(string configuration)
    {
        var directory = new TestDirectory();
        directory.ApplyFile(configuration);
        return directory;
    }

    /// <returns>What applying the file wrote.</returns>
    public IReadOnlyList<DirectoryRecord> ApplyFile(string configuration)
    {
        IReadOnlyList<DirectoryRecord> records = DirectoryChanges.Between(Snapshot, ConfigText.Accepted(configuration), Vault);
        Write([.. records]);
        return records;
    }

    public void Write(params DirectoryRecord[] records)
    {
        DirectoryRecord[] written = [.. records.Select(record => record with { Revision = ++revision })];
        Array.ForEach(written, record => stored[(record.Kind, record.Id)] = record);
        Snapshot = Snapshot.With(written, Vault);
    }

    /// <summary>Begins anew from what is stored, as a start does.</summary>
    public void Load()
    {
        var load = new DirectoryLoad();
        foreach (DirectoryRecord record in stored.Values.Where(record => !record.Deleted))
        {
            load.Add(record.Kind, Encoding.UTF8.GetBytes(record.Id), Encoding.UTF8.GetBytes(record.Body));
        }

        Snapshot = load.Finish(revision, Vault);
    }

    public void Put(params DirectoryEntry[] entries) => Write([.. entries.Select(entry => DirectoryJson.Write(entry, Vault))]);

    public void Remove(RecordKind kind, string id) => Write(DirectoryJson.Tombstone(kind, id));

    public Caller? Caller(string secret) => Snapshot.CallersByHash.GetValueOrDefault(Vault.HashKey(secret));

    /// <summary>The caller of a secret that must have one.</summary>
    public Caller CallerOf(string secret) => Caller(secret) ?? throw new InvalidOperationException($"No caller has the secret '{secret}'.");
}
