namespace AIOrleans.Gateway.Objects;

/// <summary>A file of one request on this machine's disk, which only this user reads, gone when the request ends: uploads are too large for memory.</summary>
internal sealed class Spool : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly string path = Path.Combine(Path.GetTempPath(), "aiorleans-" + Path.GetRandomFileName());

    public long Length => new FileInfo(path).Length;

    /// <summary>Opens it to be written, once.</summary>
    public FileStream Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    public FileStream OpenRead() => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);

    public void Dispose() => File.Delete(path);
}
