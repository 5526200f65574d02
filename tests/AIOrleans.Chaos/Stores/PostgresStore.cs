using System.Data.Common;
using AIOrleans.Storage.Tests.Support;
using Npgsql;

namespace AIOrleans.Chaos.Stores;

/// <summary>A throw-away server with one database.</summary>
internal sealed class PostgresStore : IStore
{
    private readonly PostgresServer server;
    private readonly string connectionString;

    private PostgresStore(PostgresServer server, string connectionString)
    {
        this.server = server;
        this.connectionString = connectionString;
    }

    public IReadOnlyList<string> GatewayArguments => ["--Storage:Provider", "postgresql", "--Storage:ConnectionString", connectionString];

    /// <param name="address">Of this machine, where it listens.</param>
    public static async Task<PostgresStore> StartAsync(string address = "127.0.0.1")
    {
        PostgresServer server = await PostgresServer.StartNewAsync(address);
        return new PostgresStore(server, await server.CreateDatabaseAsync());
    }

    public async Task<DbConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async Task CrashAsync(TimeSpan downtime)
    {
        await server.KillAsync();
        await Task.Delay(downtime, TimeProvider.System);
        await server.StartAsync();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
