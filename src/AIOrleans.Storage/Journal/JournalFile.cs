using Microsoft.Win32.SafeHandles;

namespace AIOrleans.Storage.Journal;

/// <summary>The bytes of the journal: lines appended at the end and flushed to disk, or nothing.</summary>
/// <remarks>Not thread-safe. Locked as long as it is open: another process cannot write it too.</remarks>
internal sealed class JournalFile : IDisposable
{
    private readonly SafeFileHandle handle;

    /// <exception cref="IOException">It cannot be opened, or another process has it.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public JournalFile(string path)
    {
        handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.None);
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>Bytes that stand; whatever is behind them is overwritten.</summary>
    public long Length { get; private set; }

    /// <summary>Everything in it as lines without their line feeds, the last of them only if it was written to its end.</summary>
    public IEnumerable<byte[]> ReadLines()
    {
        using var stream = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        for (long offset = 0; offset < Length;)
        {
            int count = RandomAccess.Read(handle, buffer, offset);
            if (count == 0)
            {
                break;
            }

            offset += count;
            for (int start = 0; start < count;)
            {
                int end = Array.IndexOf(buffer, (byte)'\n', start, count - start);
                stream.Write(buffer, start, (end < 0 ? count : end) - start);
                if (end < 0)
                {
                    break;
                }

                yield return stream.ToArray();
                stream.SetLength(0);
                start = end + 1;
            }
        }

        // A torn end was never acknowledged: its writer died in the middle.
        Truncate(Length - stream.Length);
    }

    /// <summary>Appends <paramref name="bytes"/> and flushes them to disk.</summary>
    /// <exception cref="IOException">The disk fails or is full; the file is what it was.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, Length);
            RandomAccess.FlushToDisk(handle);
            Length += bytes.Length;
        }
        catch (IOException)
        {
            // What got there must not stand: its callers are told that it does not.
            Truncate(Length);
            throw;
        }
    }

    /// <summary>Forgets all that is behind <paramref name="length"/>.</summary>
    public void Truncate(long length)
    {
        RandomAccess.SetLength(handle, length);
        RandomAccess.FlushToDisk(handle);
        Length = length;
    }

    public void Dispose() => handle.Dispose();
}
