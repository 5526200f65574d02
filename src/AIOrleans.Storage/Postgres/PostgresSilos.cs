using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Silos;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>The processes that share a PostgreSQL database. Whoever changes the configuration notifies the others in its transaction, so that they hear of it when they can see it.</summary>
internal sealed class PostgresSilos(PostgresConnections connections, PostgresReads reads) : ISiloStore
{
    /// <summary>Tells everyone who listens, when the transaction commits. Nobody hears of one that does not.</summary>
    public const string NotifySql = $"SELECT pg_notify('{Channel}', '')";

    private const string Channel = "aiorleans_change";
    private const string Now = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    // One statement sees one moment: what it returns is what was committed when it began.
    private static readonly string BeatSql = SiloSql.Beat(Now) + " RETURNING (SELECT revision FROM directory_counter), (SELECT COALESCE(MAX(sequence), 0) FROM price_version)";

    public bool IsShared => true;

    public async Task<StoreVersion> BeatAsync(SiloRecord silo, CancellationToken cancellationToken) =>
        (await reads.ReadAsync(BeatSql, SiloSql.ParametersOf(silo), SiloSql.ReadVersion, cancellationToken))[0];

    public async Task<StoreVersion> ReadNewestAsync(CancellationToken cancellationToken) =>
        (await reads.ReadAsync(SiloSql.Newest, [], SiloSql.ReadVersion, cancellationToken))[0];

    public Task<IReadOnlyList<SeenSilo>> ReadAsync(CancellationToken cancellationToken) => reads.ReadAsync(SiloSql.All(Now), [], SiloSql.Read, cancellationToken);

    public Task LeaveAsync(string instanceId, CancellationToken cancellationToken) => ChangesAsync(SiloSql.Leave, ("@id", instanceId), cancellationToken);

    public Task<int> PruneAsync(TimeSpan silence, CancellationToken cancellationToken) =>
        ChangesAsync(SiloSql.Prune(Now), ("@silence", (long)silence.TotalMicroseconds), cancellationToken);

    public async Task ListenAsync(Action heard, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = connections.CreateListener();
            connection.Notification += (_, _) => heard();
            await connection.OpenAsync(cancellationToken);
            await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            {
                await listen.ExecuteNonQueryAsync(cancellationToken);
            }

            heard();
            while (true)
            {
                await connection.WaitAsync(cancellationToken);
            }
        }
        catch (Exception e) when (PostgresFaults.Classify(e) != LedgerFault.Refused && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"The database ({connections.Name}) cannot be listened to now: {e.Message}", e);
        }
    }

    private Task<int> ChangesAsync(string sql, (string Name, object Value) parameter, CancellationToken cancellationToken) =>
        reads.RunAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(sql, connection);
                command.Parameters.AddWithValue(parameter.Name, parameter.Value);
                return await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
}
