using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>Derives the next snapshot from stored records.</summary>
public static class DirectorySnapshotBuilder
{
    /// <summary>
    /// The snapshot after <paramref name="records"/> (tombstones included), callers below them refreshed. A record that cannot be read counts
    /// as absent and is named in <see cref="DirectorySnapshot.Unreadable"/>, so that one damaged record never stops all others; callers that
    /// need it are suspended.
    /// </summary>
    public static DirectorySnapshot With(this DirectorySnapshot snapshot, IReadOnlyList<DirectoryRecord> records, ISecretVault vault)
    {
        if (records.Count == 0)
        {
            return snapshot;
        }

        var draft = new SnapshotDraft(snapshot);
        foreach (DirectoryRecord record in records)
        {
            draft.Put(record, vault);
        }

        return draft.Finish(Math.Max(snapshot.Revision, records.Max(record => record.Revision)));
    }
}
