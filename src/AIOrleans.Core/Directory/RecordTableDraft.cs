using System.Text.Json;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>A <see cref="RecordTable"/> while its records arrive. For one thread at a time.</summary>
internal sealed class RecordTableDraft(RecordKind kind)
{
    private const int FirstChunkBytes = 16 * 1024;

    /// <summary>Large enough to be few, small enough to find room for.</summary>
    private const int ChunkBytesMax = 4 * 1024 * 1024;

    private readonly List<byte[]> chunks = [];
    private readonly List<RecordRow> rows = [];
    private int free;
    private bool isInOrder = true;

    /// <summary>Takes a copy of one record; ids come once each.</summary>
    public void Add(ReadOnlySpan<byte> id, ReadOnlySpan<byte> body)
    {
        if (id.Length > ushort.MaxValue)
        {
            // No record that this program wrote: nothing could name it.
            return;
        }

        Span<byte> room = Take(id.Length + body.Length);
        id.CopyTo(room);
        body.CopyTo(room[id.Length..]);
        (ushort hashAt, ushort hashBytes) = kind == RecordKind.Key ? FindHash(body) : default;
        var row = new RecordRow(chunks.Count - 1, free - room.Length, body.Length, (ushort)id.Length, hashAt, hashBytes);
        isInOrder = isInOrder && (rows.Count == 0 || IdOf(rows[^1]).SequenceCompareTo(id) < 0);
        rows.Add(row);
    }

    public RecordTable Finish(ISecretVault vault)
    {
        if (!isInOrder)
        {
            rows.Sort((left, right) => IdOf(left).SequenceCompareTo(IdOf(right)));
        }

        return new RecordTable(kind, [.. chunks], [.. rows], vault);
    }

    /// <summary>The property <c>secretHash</c>; nothing where the text is damaged, which reading it will tell.</summary>
    private static (ushort At, ushort Bytes) FindHash(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isHash = reader.ValueTextEquals("secretHash"u8);
                reader.Read();
                if (isHash)
                {
                    return reader.TokenType == JsonTokenType.String && reader.TokenStartIndex < ushort.MaxValue && reader.ValueSpan.Length <= ushort.MaxValue
                        ? ((ushort)(reader.TokenStartIndex + 1), (ushort)reader.ValueSpan.Length)
                        : default;
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // A key without a hash is nobody's.
        }

        return default;
    }

    private ReadOnlySpan<byte> IdOf(RecordRow row) => chunks[row.Chunk].AsSpan(row.Start, row.IdBytes);

    private Span<byte> Take(int bytes)
    {
        if (chunks.Count == 0 || chunks[^1].Length - free < bytes)
        {
            int next = chunks.Count == 0 ? FirstChunkBytes : Math.Min(ChunkBytesMax, chunks[^1].Length * 2);
            chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(next, bytes)));
            free = 0;
        }

        free += bytes;
        return chunks[^1].AsSpan(free - bytes, bytes);
    }
}
