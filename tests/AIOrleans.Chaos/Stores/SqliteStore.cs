using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Chaos.Stores;

/// <summary>A file in the run's folder.</summary>
internal sealed class SqliteStore(string folder) : IStore
{
    private readonly string path = Path.Combine(folder, "chaos.db");

    public IReadOnlyList<string> GatewayArguments => ["--Storage:Provider", "sqlite", "--Storage:Path", path];

    public async Task<DbConnection> ConnectAsync()
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    public Task CrashAsync(TimeSpan downtime) => throw new NotSupportedException("SQLite is no process that could crash.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
