namespace AIOrleans.Host.Startup;

/// <summary>What tells one content of a file from the next without reading it; default when there is no file.</summary>
internal readonly record struct FileStamp(DateTime WrittenAt, long Bytes)
{
    /// <summary>The stamp of <paramref name="path"/>, or of what it links to.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            FileSystemInfo target = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return target.Exists ? new FileStamp(target.LastWriteTimeUtc, ((FileInfo)target).Length) : default;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is being replaced, or gone: applying it says so.
            return default;
        }
    }
}
