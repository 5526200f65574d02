using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AIOrleans.Storage.Tests.Support;

/// <summary>A throw-away PostgreSQL server in a temporary directory, on a free TCP port of this machine.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Loopback = "127.0.0.1";

    private readonly DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("aiorleans-pg-");
    private readonly int port = FreePort();
    private readonly string address;
    private readonly bool flushes;
    private int databases;

    private PostgresServer(string address, bool flushes)
    {
        this.address = address;
        this.flushes = flushes;
    }

    private string Data => Path.Combine(directory.FullName, "data");

    /// <summary>Makes and starts a server.</summary>
    /// <param name="address">An IPv4 address of this machine; those of its network of 256 may connect.</param>
    /// <param name="flushes">True where it is measured: commits wait for the disk, which tests have no use for.</param>
    public static async Task<PostgresServer> StartNewAsync(string address = Loopback, bool flushes = false)
    {
        var server = new PostgresServer(address, flushes);
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root.
            await RunAsync("chown", "postgres", server.directory.FullName);
        }

        await server.RunToolAsync("initdb", "-D", server.Data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        if (address != Loopback)
        {
            await File.AppendAllTextAsync(Path.Combine(server.Data, "pg_hba.conf"), $"host all all {address}/24 trust\n");
        }

        await server.StartAsync();
        return server;
    }

    public string ConnectionString(string database) =>
        $"Host={address};Port={port};Username=test;Database={database};Include Error Detail=true";

    public Task StartAsync() => RunToolAsync(
        "pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(directory.FullName, "log"), "-o",
        $"-p {port} -c listen_addresses={address} -c unix_socket_directories='' -c fsync={(flushes ? "on" : "off")} -c max_connections=100");

    /// <summary>Creates an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"test_{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Ends the server as a crash does: no checkpoint, connections cut.</summary>
    public Task KillAsync() => RunToolAsync("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await KillAsync();
        }

        directory.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task RunToolAsync(string tool, params string[] arguments)
    {
        string path = Path.Combine(PostgresBinaries.Directory!, tool);
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string file, params string[] arguments)
    {
        // Output goes nowhere: pg_ctl hands its pipes to the server, and a reader would wait for its end.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        foreach (string argument in (string[])["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", file, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
