namespace AIOrleans.Host.Tests.Running;

/// <summary>Files of the tree that the tests were built from.</summary>
internal static class RepositoryFile
{
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root(), path));

    /// <summary>True for files and folders.</summary>
    public static bool Exists(string path) => Path.Exists(Path.Combine(Root(), path));

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AIOrleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No AIOrleans.sln above {AppContext.BaseDirectory}.");
    }
}
