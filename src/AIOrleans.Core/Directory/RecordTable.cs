using System.Collections.Concurrent;
using System.Text;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>All records of one kind as they were loaded: their text in few large arrays, by id. An entry is read from its text when it is first asked for.</summary>
/// <remarks>
/// Thread-safe; never changes, save that what was read once is kept. A million records would cost a start ten seconds and two gigabytes to read at once,
/// and a process is asked for few of them. Benchmark: `scale --only accounts`.
/// </remarks>
internal sealed class RecordTable(RecordKind kind, byte[][] chunks, RecordRow[] rows, ISecretVault vault)
{
    /// <summary>Longest id that is looked up without allocating, in UTF-8 bytes.</summary>
    private const int StackBytesMax = 512;

    private readonly RecordSlot?[] slots = new RecordSlot?[rows.Length];
    private readonly ConcurrentDictionary<string, string> unreadable = new(StringComparer.Ordinal);
    private int[]? adaptiveRows;

    public static RecordTable Empty { get; } = new(RecordKind.Tenant, [], [], NoVault.Instance);

    public RecordKind Kind => kind;

    public int Count => rows.Length;

    /// <summary>Why records could not be read, by id; only of those that were tried.</summary>
    public IReadOnlyDictionary<string, string> Unreadable => unreadable;

    /// <summary>Records whose text names an adaptive limit: at least those that have one.</summary>
    public IReadOnlyList<int> AdaptiveRows => adaptiveRows ??= [.. Enumerable.Range(0, rows.Length).Where(row => BodyOf(row).IndexOf("\"adaptive\""u8) >= 0)];

    public string IdOf(int row) => Encoding.UTF8.GetString(IdBytesOf(row));

    public ReadOnlySpan<byte> BodyOf(int row) => BodyMemoryOf(row).Span;

    /// <summary>What a key's secret is known by, as it stands in the text; empty where there is none.</summary>
    public ReadOnlySpan<byte> SecretHashOf(int row) => BodyOf(row).Slice(rows[row].HashAt, rows[row].HashBytes);

    /// <summary>The row of <paramref name="id"/>; negative when there is none.</summary>
    public int IndexOf(string id)
    {
        if (rows.Length == 0)
        {
            return -1;
        }

        int bytesMax = Encoding.UTF8.GetMaxByteCount(id.Length);
        Span<byte> wanted = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        wanted = wanted[..Encoding.UTF8.GetBytes(id, wanted)];
        int low = 0;
        int high = rows.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = IdBytesOf(middle).SequenceCompareTo(wanted);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>The record of a row, read now or before, and kept.</summary>
    public RecordSlot SlotAt(int row) => Volatile.Read(ref slots[row]) ?? Keep(row, new RecordSlot(TryRead(row)));

    /// <summary>The entry of a row; null when it cannot be read. Keeps nothing but that: for those who look at all of them.</summary>
    public DirectoryEntry? Peek(int row)
    {
        if (Volatile.Read(ref slots[row]) is { } known)
        {
            return known.Entry;
        }

        DirectoryEntry? entry = TryRead(row);
        return entry ?? Keep(row, RecordSlot.Absent).Entry;
    }

    private ReadOnlySpan<byte> IdBytesOf(int row)
    {
        RecordRow at = rows[row];
        return chunks[at.Chunk].AsSpan(at.Start, at.IdBytes);
    }

    private ReadOnlyMemory<byte> BodyMemoryOf(int row)
    {
        RecordRow at = rows[row];
        return chunks[at.Chunk].AsMemory(at.Start + at.IdBytes, at.BodyBytes);
    }

    private RecordSlot Keep(int row, RecordSlot read) => Interlocked.CompareExchange(ref slots[row], read, null) ?? read;

    private DirectoryEntry? TryRead(int row)
    {
        string id = IdOf(row);
        try
        {
            return DirectoryJson.Read(kind, id, BodyMemoryOf(row), vault);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            unreadable[id] = e.Message;
            return null;
        }
    }

    /// <summary>For a table without records.</summary>
    private sealed class NoVault : ISecretVault
    {
        public static NoVault Instance { get; } = new();

        public string Seal(Secret secret) => throw new NotSupportedException();

        public Secret Open(string sealedText) => throw new NotSupportedException();

        public string HashKey(ReadOnlySpan<char> secret) => throw new NotSupportedException();
    }
}

/// <summary>Where one record lies: id and body one after the other in a chunk.</summary>
/// <param name="HashAt">Of a key: where in its body the hash of its secret begins.</param>
internal readonly record struct RecordRow(int Chunk, int Start, int BodyBytes, ushort IdBytes, ushort HashAt, ushort HashBytes);
