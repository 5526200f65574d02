using AIOrleans.Core.Configuration;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>What applying a configuration file changes.</summary>
public static class DirectoryChanges
{
    /// <summary>The records to write so that the directory is as <paramref name="declared"/>; none when it is so already.</summary>
    /// <remarks>
    /// The file wins over what the management API changed in records that the file declares, except that a revoked key stays revoked while
    /// its secret is the same. A record that the file no longer has is removed if a file made it, and stays if the API made it.
    /// </remarks>
    public static IReadOnlyList<DirectoryRecord> Between(DirectorySnapshot current, ConfigDeclaration declared, ISecretVault vault)
    {
        var declaredIds = Enum.GetValues<RecordKind>().ToDictionary(kind => kind, _ => new HashSet<string>(StringComparer.Ordinal));
        var differing = new DifferingRecords(current, vault);
        var writes = new List<DirectoryRecord>();
        foreach (DirectoryEntry entry in declared.Entries)
        {
            declaredIds[entry.RecordKind].Add(entry.RecordId);
            if (differing.Of(entry) is { } write)
            {
                writes.Add(write);
            }
        }

        // What a file made and none declares any more. Children go before their parents.
        writes.AddRange(Enum.GetValues<RecordKind>()
            .SelectMany(kind => current.IdsOf(kind).Where(id => !declaredIds[kind].Contains(id)).Select(id => current.Find(kind, id)))
            .OfType<DirectoryEntry>()
            .Where(entry => entry.Origin == RecordOrigin.File)
            .OrderByDescending(entry => entry.RecordKind == RecordKind.Key)
            .ThenBy(entry => entry.RecordId, StringComparer.Ordinal)
            .Select(entry => DirectoryJson.Tombstone(entry.RecordKind, entry.RecordId)));
        return writes;
    }
}
