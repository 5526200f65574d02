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
        // Sealed text differs at each call; a keyed hash tells whether the credential changed.
        string Comparable(DirectoryEntry entry) => DirectoryJson.BodyOf(entry, secret => vault.HashKey(secret.Reveal()));

        var existing = EntriesOf(current).ToDictionary(entry => (entry.RecordKind, entry.RecordId));
        var writes = new List<DirectoryRecord>();
        foreach (DirectoryEntry entry in declared.Entries)
        {
            existing.Remove((entry.RecordKind, entry.RecordId), out DirectoryEntry? before);
            DirectoryEntry wanted = Merge(before, entry);
            if (before is null || Comparable(before) != Comparable(wanted))
            {
                writes.Add(DirectoryJson.Write(wanted, vault));
            }
        }

        // What is left was not declared. Children go before their parents.
        writes.AddRange(existing.Values
            .Where(entry => entry.Origin == RecordOrigin.File)
            .OrderByDescending(entry => entry.RecordKind == RecordKind.Key)
            .ThenBy(entry => entry.RecordId, StringComparer.Ordinal)
            .Select(entry => DirectoryJson.Tombstone(entry.RecordKind, entry.RecordId)));
        return writes;
    }

    private static DirectoryEntry Merge(DirectoryEntry? before, DirectoryEntry declared)
    {
        DirectoryEntry entry = declared with { Origin = before?.Origin ?? RecordOrigin.File };
        bool staysRevoked = before is KeyConfig { Revoked: true } old && entry is KeyConfig now && now.SecretHash == old.SecretHash;
        return staysRevoked && entry is KeyConfig key ? key with { Revoked = true } : entry;
    }

    private static IEnumerable<DirectoryEntry> EntriesOf(DirectorySnapshot snapshot) =>
    [
        .. snapshot.Providers.Values, .. snapshot.Models.Values, .. snapshot.Tenants.Values, .. snapshot.Orgs.Values, .. snapshot.Teams.Values,
        .. snapshot.Users.Values, .. snapshot.Apps.Values, .. snapshot.Keys.Values, .. snapshot.Admins.Values,
    ];
}
