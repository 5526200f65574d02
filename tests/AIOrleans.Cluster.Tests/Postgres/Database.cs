using Npgsql;

namespace AIOrleans.Cluster.Tests.Postgres;

/// <summary>One migrated database for all tests; each test uses cluster and service ids of its own.</summary>
public sealed class Database : IAsyncLifetime
{
    private PostgresServer? server;

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
        {
            return;
        }

        server = PostgresServer.Start();
        ConnectionString = await server.CreateDatabaseAsync("aiorleans_cluster_tests");
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        foreach (string file in Directory.GetFiles(SqlFolder(), "*.sql").Order(StringComparer.Ordinal))
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand(await File.ReadAllTextAsync(file), connection, transaction);
            await command.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
    }

    public Task DisposeAsync()
    {
        server?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Runs a statement with <c>$1</c>, <c>$2</c>… and reads its first column of the first row.</summary>
    public async Task<object?> ReadAsync(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync();
    }

    private static string SqlFolder()
    {
        for (string? place = AppContext.BaseDirectory; place is not null; place = Path.GetDirectoryName(place))
        {
            string folder = Path.Combine(place, "sql", "postgresql");
            if (Directory.Exists(folder))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException("sql/postgresql was not found above the test program.");
    }
}

[CollectionDefinition(Name)]
public sealed class DatabaseCollection : ICollectionFixture<Database>
{
    public const string Name = "one PostgreSQL";
}
