namespace AIOrleans.Storage.Tests.Support;

/// <summary>Finds an installed PostgreSQL server.</summary>
internal static class PostgresBinaries
{
    /// <summary>The directory with <c>initdb</c> and <c>pg_ctl</c>; null when there is none.</summary>
    public static string? Directory { get; } = Find();

    /// <summary>Null when tests can run.</summary>
    public static string? MissingReason => Directory is null
        ? "No PostgreSQL server binaries (initdb, pg_ctl) in PATH or /usr/lib/postgresql: install the package postgresql to run this suite."
        : null;

    private static string? Find()
    {
        IEnumerable<string> paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        IEnumerable<string> debian = System.IO.Directory.Exists("/usr/lib/postgresql")
            ? System.IO.Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
            : [];
        return paths.Concat(debian).FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")) && File.Exists(Path.Combine(path, "pg_ctl")));
    }
}
