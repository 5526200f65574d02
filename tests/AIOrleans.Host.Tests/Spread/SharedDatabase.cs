using AIOrleans.Host.Tests.Running;
using AIOrleans.Storage.Tests.Support;
using Npgsql;

namespace AIOrleans.Host.Tests.Spread;

/// <summary>One PostgreSQL server for a test class; gateways of one test share a database of it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private PostgresServer? server;

    public async Task<string> CreateDatabaseAsync() => await server!.CreateDatabaseAsync();

    public async Task InitializeAsync() => server = PostgresBinaries.Directory is null ? null : await PostgresServer.StartNewAsync();

    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}

/// <summary>Starts gateways on one database, as silos of one installation would be.</summary>
internal static class SharedDatabase
{
    /// <summary>Without hearing from the store for so long, in seconds, gateways refuse.</summary>
    public const int StaleSeconds = 2;

    private const string MasterKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    public static Task<RunningGateway> StartAsync(string connectionString, string config, params string[] options) => RunningGateway.StartAsync(
        config,
        [
            "--Storage:Provider", "postgresql", "--Storage:ConnectionString", connectionString, "--AIORLEANS_MASTER_KEY", MasterKey,
            "--Directory:StaleSecondsMax", $"{StaleSeconds}", "--Ledger:StoreTimeoutSeconds", "1", .. options,
        ]);

    /// <summary>The same database, through <paramref name="gate"/>.</summary>
    public static string Through(this string connectionString, TcpGate gate) => new NpgsqlConnectionStringBuilder(connectionString) { Port = gate.Port }.ConnectionString;

    public static int PortOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Port;
}
