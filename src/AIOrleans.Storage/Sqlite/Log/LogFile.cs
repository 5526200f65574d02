using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>The log on disk: of one size for ever, and always overwritten, half by half, because a flush that need not extend the file is the fastest there is.</summary>
/// <param name="flushes">False: what was written survives the process, and not the machine.</param>
internal sealed class LogFile(string path, bool flushes) : IDisposable
{
    /// <summary>One half is written while the other is brought into the tables.</summary>
    public const int HalfBytes = 1 << 20;

    private const int BytesMax = 2 * HalfBytes;

    private SafeFileHandle? handle;

    /// <summary>Opens the file, which is made when there is none.</summary>
    /// <returns>What it contains.</returns>
    /// <exception cref="InvalidOperationException">It cannot be opened, or there is no space for it.</exception>
    public byte[] Open()
    {
        try
        {
            handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            byte[] content = new byte[BytesMax];
            int length = 0;
            for (int count = -1; count != 0 && length < BytesMax; length += count)
            {
                count = RandomAccess.Read(handle, content.AsSpan(length), length);
            }

            if (length < BytesMax)
            {
                // Written, not only reserved: the first write to reserved space changes the file's map, and its flush is slow.
                RandomAccess.Write(handle, content.AsSpan(length), length);
                RandomAccess.FlushToDisk(handle);
            }

            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The ledger's log {path} cannot be opened: {e.Message} It needs {BytesMax >> 20} MiB beside the database, to read and to write.", e);
        }
    }

    /// <summary>Writes <paramref name="frame"/>, and returns when it is there to stay.</summary>
    /// <exception cref="IOException">It may be there or not.</exception>
    public void Write(ReadOnlySpan<byte> frame, int at)
    {
        // ! Opened by Open, before anything is written.
        RandomAccess.Write(handle!, frame, at);
        if (flushes)
        {
            Flush();
        }
    }

    public void Dispose() => handle?.Dispose();

    private void Flush()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle!);
        }
        else if (FlushData(handle!) != 0)
        {
            throw new IOException($"{path} could not be flushed: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Without the file's times, which .NET's own flush writes to the disk too; as SQLite does.</summary>
    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int FlushData(SafeFileHandle file);
}
