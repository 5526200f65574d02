using AIOrleans.Storage;
using Npgsql;

namespace AIOrleans.Cluster.Tests.Postgres;

/// <summary>One migrated database for all tests; each test uses cluster and service ids of its own.</summary>
public sealed class Database : IAsyncLifetime
{
    /// <summary>One key for all silos: they must agree, as in production.</summary>
    public const string MasterKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private PostgresServer? server;

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
        {
            return;
        }

        server = PostgresServer.Start();
        ConnectionString = await CreateAsync();
    }

    /// <summary>One more database, for a test of its own, migrated as a silo would.</summary>
    public async Task<string> CreateAsync()
    {
        string connectionString = await (server ?? throw new InvalidOperationException("There is no PostgreSQL.")).CreateDatabaseAsync();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Provider"] = "postgresql",
            ["Storage:ConnectionString"] = connectionString,
            ["AIORLEANS_MASTER_KEY"] = MasterKey,
        }).Build();
        await using ServiceProvider storage = new ServiceCollection().AddLogging().AddAIOrleansStorage(configuration).BuildServiceProvider();
        await storage.GetRequiredService<IStorageStartup>().PrepareAsync(CancellationToken.None);
        return connectionString;
    }

    public Task DisposeAsync()
    {
        server?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Runs a statement with <c>$1</c>, <c>$2</c>… and reads its first column of the first row.</summary>
    public Task<object?> ReadAsync(string sql, params object[] values) => ReadFromAsync(ConnectionString, sql, values);

    /// <inheritdoc cref="ReadAsync(string,object[])"/>
    public static async Task<object?> ReadFromAsync(string connectionString, string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class DatabaseCollection : ICollectionFixture<Database>
{
    public const string Name = "one PostgreSQL";
}
