using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AIOrleans.Cluster.Tests.Postgres;

/// <summary>A PostgreSQL of our own in a temporary folder, gone after the tests; or the server that <see cref="Variable"/> names.</summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>Npgsql connection string of a server on which the tests may create databases.</summary>
    public const string Variable = "AIORLEANS_TEST_POSTGRES";

    private static readonly Lazy<string?> Binaries = new(FindBinaries);

    private readonly string? folder;
    private readonly string serverText;

    private PostgresServer(string? folder, string serverText)
    {
        this.folder = folder;
        this.serverText = serverText;
    }

    /// <summary>Null when tests can run, otherwise what is missing.</summary>
    public static string? Missing => Environment.GetEnvironmentVariable(Variable) is null && Binaries.Value is null
        ? $"needs PostgreSQL: install its server package (initdb and pg_ctl were not found) or name a server in {Variable}"
        : null;

    public static PostgresServer Start()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } given)
        {
            return new PostgresServer(null, given);
        }

        // ! Callers look at Missing first.
        string binaries = Binaries.Value!;
        string folder = Directory.CreateTempSubdirectory("aiorleans-pg-").FullName;
        string files = Path.Combine(folder, "files");
        int port = FreePort.Next();
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root.
            Run("chown", "postgres", folder);
        }

        RunAsServer(Path.Combine(binaries, "initdb"), "-D", files, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync");
        RunAsServer(
            Path.Combine(binaries, "pg_ctl"), "start", "-w", "-D", files, "-l", Path.Combine(folder, "log"),
            "-o", $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=300");
        return new PostgresServer(folder, $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres");
    }

    /// <summary>Connection string of a new empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"aiorleans_{Guid.NewGuid():N}";
        await using var server = new NpgsqlConnection(serverText);
        await server.OpenAsync();
        await using (var create = new NpgsqlCommand($"CREATE DATABASE {name}", server))
        {
            await create.ExecuteNonQueryAsync();
        }

        return new NpgsqlConnectionStringBuilder(serverText) { Database = name }.ConnectionString;
    }

    public void Dispose()
    {
        if (folder is null)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        // ! It was started from there.
        RunAsServer(Path.Combine(Binaries.Value!, "pg_ctl"), "stop", "-m", "immediate", "-D", Path.Combine(folder, "files"));
        Directory.Delete(folder, recursive: true);
    }

    private static void RunAsServer(string program, params string[] arguments)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Run("runuser", ["-u", "postgres", "--", program, .. arguments]);
        }
        else
        {
            Run(program, arguments);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        // No pipes: the server that pg_ctl leaves behind would keep them open.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "\"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]) { WorkingDirectory = Path.GetTempPath() };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    /// <summary>The newest installed version, where distributions put it, or what the path has.</summary>
    private static string? FindBinaries()
    {
        IEnumerable<string> candidates = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => version, StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return candidates.Concat(path).FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb")) && File.Exists(Path.Combine(place, "pg_ctl")));
    }
}

/// <summary>TCP ports that nobody listens on at the moment.</summary>
public static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
