namespace AIOrleans.Architecture.Tests.Sources;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", ".git", "data"];

    /// <summary>The directory of AIOrleans.sln.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every C# file below <paramref name="directories"/> that somebody wrote, by path.</summary>
    public static IReadOnlyList<SourceFile> SourcesBelow(params string[] directories) =>
        [.. directories.SelectMany(directory => FilesBelow(directory, "*.cs")).Select(path => SourceFile.Parse(path, Read(path)))];

    /// <summary>The product: everything below src, stand-ins included.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } = SourcesBelow("src");

    /// <summary>The product without the stand-ins, whose names and shapes are those of the packages they stand in for.</summary>
    public static IReadOnlyList<SourceFile> OwnProduct { get; } = [.. Product.Where(file => !file.Path.StartsWith("src/Compat/", StringComparison.Ordinal))];

    /// <summary>Everything that is compiled.</summary>
    public static IReadOnlyList<SourceFile> Everything { get; } = [.. Product, .. SourcesBelow("tests")];

    /// <summary>Paths relative to the root, with slashes, sorted; empty when the directory does not exist.</summary>
    public static IReadOnlyList<string> FilesBelow(string directory, string pattern)
    {
        string full = Path.Combine(Root, directory);
        return !Directory.Exists(full)
            ? []
            : [.. Walk(new DirectoryInfo(full), pattern).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(DirectoryInfo directory, string pattern) =>
        directory.EnumerateFiles(pattern).Select(file => file.FullName)
            .Concat(directory.EnumerateDirectories().Where(child => !NotOurs.Contains(child.Name)).SelectMany(child => Walk(child, pattern)));

    private static string FindRoot(string from)
    {
        for (DirectoryInfo? directory = new(from); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "AIOrleans.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No AIOrleans.sln above {from}: the architecture tests read the tree they were built from.");
    }
}
