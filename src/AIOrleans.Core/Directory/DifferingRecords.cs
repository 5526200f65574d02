using System.Buffers;
using System.Text;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>Compares what a file declares with what there is. Most of it is the same, and then its text is too: entries are read only where texts differ.</summary>
internal sealed class DifferingRecords(DirectorySnapshot current, ISecretVault vault)
{
    private readonly ArrayBufferWriter<byte> text = new();

    /// <summary>The record to write so that the directory has <paramref name="declared"/>; null when it has.</summary>
    public DirectoryRecord? Of(DirectoryEntry declared)
    {
        DirectoryEntry asOfFile = declared with { Origin = RecordOrigin.File };
        if (asOfFile is AccountEntry)
        {
            text.ResetWrittenCount();
            DirectoryJson.WriteBody(text, asOfFile, vault.Seal);
            if (current.IsStillText(asOfFile.RecordKind, asOfFile.RecordId, text.WrittenSpan))
            {
                return null;
            }
        }

        DirectoryEntry? before = current.Find(declared.RecordKind, declared.RecordId);
        if (before is null && asOfFile is AccountEntry)
        {
            return new DirectoryRecord(asOfFile.RecordKind, asOfFile.RecordId, Encoding.UTF8.GetString(text.WrittenSpan), Revision: 0, Deleted: false);
        }

        DirectoryEntry wanted = Merge(before, asOfFile);
        return before is null || Comparable(before) != Comparable(wanted) ? DirectoryJson.Write(wanted, vault) : null;
    }

    private static DirectoryEntry Merge(DirectoryEntry? before, DirectoryEntry declared)
    {
        DirectoryEntry entry = before is null ? declared : declared with { Origin = before.Origin };
        bool staysRevoked = before is KeyConfig { Revoked: true } old && entry is KeyConfig now && now.SecretHash == old.SecretHash;
        return staysRevoked && entry is KeyConfig key ? key with { Revoked = true } : entry;
    }

    // Sealed text differs at each call; a keyed hash tells whether the credential changed.
    private string Comparable(DirectoryEntry entry) => DirectoryJson.BodyOf(entry, secret => vault.HashKey(secret.Reveal()));
}
