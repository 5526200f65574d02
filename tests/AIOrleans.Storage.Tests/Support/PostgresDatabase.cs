using Npgsql;

namespace AIOrleans.Storage.Tests.Support;

/// <summary>An empty database of a throw-away server.</summary>
public sealed class PostgresDatabase(string connectionString) : TestDatabase
{
    public string ConnectionString => connectionString;

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Storage:Provider"] = "postgresql",
        ["Storage:ConnectionString"] = connectionString,
    };

    public override async Task<List<object>> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<object> values = [];
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetValue(0));
        }

        return values;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>One server for all PostgreSQL suites of a run.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? server;

    public async Task<TestDatabase> CreateDatabaseAsync() => new PostgresDatabase(await server!.CreateDatabaseAsync());

    public async Task InitializeAsync() => server = PostgresBinaries.Directory is null ? null : await PostgresServer.StartNewAsync();

    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}

[CollectionDefinition("postgresql")]
public sealed class PostgresSuites : ICollectionFixture<PostgresFixture>;
