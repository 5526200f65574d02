namespace AIOrleans.Host.Tests.Processes;

/// <summary>A folder of a test's own, removed with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = System.IO.Directory.CreateTempSubdirectory("aiorleans-test-").FullName;

    /// <summary>The database and master key of a gateway that is started here.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    /// <returns>The path of the written file.</returns>
    public string Write(string name, string text)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => System.IO.Directory.Delete(Path, recursive: true);
}
