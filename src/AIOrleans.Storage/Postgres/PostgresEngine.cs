using AIOrleans.Core.Ports;
using AIOrleans.Storage.Answers;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Migrations;
using AIOrleans.Storage.Objects;
using Dapper;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Postgres;

/// <summary>Everything on one PostgreSQL database, shared by any number of processes.</summary>
internal sealed class PostgresEngine : IStorageEngine, IAsyncDisposable
{
    private readonly PostgresConnections connections;
    private readonly PostgresReads reads;
    private readonly PostgresMigrator migrator;

    public PostgresEngine(StorageOptions storage, LedgerOptions ledger, TimeProvider clock, ILogger<PostgresEngine> logger)
    {
        connections = new PostgresConnections(storage.ConnectionString, ledger.StoreTimeout);
        reads = new PostgresReads(connections, ledger.StoreTimeout, clock);
        var sequence = new PostgresSequence();
        migrator = new PostgresMigrator(Migration.ReadAll("postgresql"), sequence, clock, logger);
        Ledger = new PostgresLedgerStore(connections, reads, sequence, clock);
        Directory = new PostgresDirectoryStore(connections, reads);
        Answers = new PostgresAnswerRows(reads);
        Objects = new PostgresObjectRows(reads);
        TimeSpan reportTimeout = TimeSpan.FromSeconds(storage.ReportTimeoutSeconds);
        var reportReads = new PostgresReads(connections, reportTimeout, clock);
        Reports = new PostgresUsageReports(reportReads);
        Bills = new PostgresBillReads(reportReads, reportTimeout);
        Prices = new PostgresPriceStore(connections, reads);
        Silos = new PostgresSilos(connections, reads);
        Facts = new PostgresFacts(reads);
    }

    public string Name => connections.Name;

    public ILedgerStore Ledger { get; }

    public IDirectoryStore Directory { get; }

    public IUsageReports Reports { get; }

    public IAnswerRows Answers { get; }

    public IObjectRows Objects { get; }

    public IPriceStore Prices { get; }

    public IBillReads Bills { get; }

    public ISiloStore Silos { get; }

    public IFactStore Facts { get; }

    public Task PrepareAsync(CancellationToken cancellationToken) =>
        reads.RunAsync(
            async connection =>
            {
                await migrator.ApplyAsync(connection, cancellationToken);
                return true;
            },
            cancellationToken);

    public Task<string> ReadOrAddFactAsync(string name, string value, CancellationToken cancellationToken) =>
        reads.RunAsync(
            async connection =>
            {
                await connection.ExecuteAsync("INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", new { name, value });
                return await connection.QuerySingleAsync<string>("SELECT value FROM installation WHERE name = @name", new { name });
            },
            cancellationToken);

    public ValueTask DisposeAsync() => connections.DisposeAsync();
}
