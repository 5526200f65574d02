using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Silos;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The one process of an SQLite file.</summary>
internal sealed class SqliteSilos(SqliteWriter writer, SqliteReads reads, TimeProvider clock) : ISiloStore
{
    private const string Now = "@now";

    private static readonly string BeatSql = SiloSql.Beat(Now);

    public bool IsShared => false;

    public Task<StoreVersion> BeatAsync(SiloRecord silo, CancellationToken cancellationToken) =>
        writer.RunAsync(
            connection =>
            {
                // Whoever was there before was killed: the file is locked by its process.
                connection.Execute("DELETE FROM silo WHERE instance_id <> @id", new { id = silo.InstanceId });
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = BeatSql;
                foreach ((string name, object? value) in SiloSql.ParametersOf(silo))
                {
                    command.Parameters.AddWithValue(name, value);
                }

                command.Parameters.AddWithValue(Now, clock.GetUtcNow().ToMicros());
                command.ExecuteNonQuery();
                command.CommandText = SiloSql.Newest;
                using SqliteDataReader reader = command.ExecuteReader();
                reader.Read();
                return SiloSql.ReadVersion(reader);
            },
            cancellationToken);

    public async Task<StoreVersion> ReadNewestAsync(CancellationToken cancellationToken) =>
        (await reads.ReadAsync(SiloSql.Newest, [], SiloSql.ReadVersion, cancellationToken))[0];

    public Task<IReadOnlyList<SeenSilo>> ReadAsync(CancellationToken cancellationToken) =>
        reads.ReadAsync(SiloSql.All(Now), [(Now, clock.GetUtcNow().ToMicros())], SiloSql.Read, cancellationToken);

    public Task LeaveAsync(string instanceId, CancellationToken cancellationToken) =>
        writer.RunAsync(connection => connection.Execute(SiloSql.Leave, new { id = instanceId }), cancellationToken);

    public Task<int> PruneAsync(TimeSpan silence, CancellationToken cancellationToken) =>
        writer.RunAsync(
            connection => connection.Execute(SiloSql.Prune(Now), new { now = clock.GetUtcNow().ToMicros(), silence = (long)silence.TotalMicroseconds }), cancellationToken);

    /// <summary>Nobody else writes: there is nothing to hear.</summary>
    public Task ListenAsync(Action heard, CancellationToken cancellationToken)
    {
        heard();
        return Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
    }
}
