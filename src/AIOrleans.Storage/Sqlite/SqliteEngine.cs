using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Answers;
using AIOrleans.Storage.Directories;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Migrations;
using AIOrleans.Storage.Objects;
using AIOrleans.Storage.Sqlite.Log;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Everything on one SQLite file in one process.</summary>
internal sealed class SqliteEngine : IStorageEngine, IDisposable
{
    private readonly SqliteFile file;
    private readonly SqliteWriter writer;
    private readonly SqliteReads reads;
    private readonly SqliteReads reportReads;
    private readonly SqliteReads loadReads;
    private readonly SqliteMigrator migrator;
    private readonly SqliteLedgerStore ledgerStore;
    private readonly ILogger<SqliteEngine> logger;

    public SqliteEngine(string path, StorageOptions storage, LedgerOptions ledger, TimeProvider clock, ILogger<SqliteEngine> logger)
    {
        file = new SqliteFile(path, ledger.Durability);
        writer = new SqliteWriter(file, ledger.StoreTimeout);
        reads = new SqliteReads(file, ledger.StoreTimeout);
        reportReads = new SqliteReads(file, TimeSpan.FromSeconds(storage.ReportTimeoutSeconds));
        loadReads = new SqliteReads(file, RecordColumns.LoadTimeout);
        migrator = new SqliteMigrator(Migration.ReadAll("sqlite"), clock, logger);
        ledgerStore = new SqliteLedgerStore(
            writer, reads, new SqliteSettled(file), new LogFile(file.Path + ".log", flushes: ledger.Durability == LedgerDurability.Strict), clock);
        this.logger = logger;
        Directory = new SqliteDirectoryStore(writer, reads, loadReads);
        Reports = new SqliteUsageReports(ledgerStore, reportReads);
        Answers = new SqliteAnswerRows(writer, reads);
        Objects = new SqliteObjectRows(writer, reads);
        Prices = new SqlitePriceStore(writer, reads);
        Bills = new SqliteBillReads(ledgerStore, reportReads);
        Silos = new SqliteSilos(writer, reads, clock);
        Facts = new SqliteFacts(writer, reads);
    }

    public string Name => $"sqlite {file.Path}";

    public ILedgerStore Ledger => ledgerStore;

    public IDirectoryStore Directory { get; }

    public IUsageReports Reports { get; }

    public IAnswerRows Answers { get; }

    public IObjectRows Objects { get; }

    public IPriceStore Prices { get; }

    public IBillReads Bills { get; }

    public ISiloStore Silos { get; }

    public IFactStore Facts { get; }

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        // Blocks the starting thread for a few milliseconds; nothing is served yet.
        file.Lock();
        using (SqliteConnection connection = file.OpenWriter())
        {
            migrator.Apply(connection);
        }

        int recovered = ledgerStore.Recover();
        if (recovered > 0)
        {
            StorageLog.LogRecovered(logger, recovered);
        }

        return Task.CompletedTask;
    }

    public Task<string> ReadOrAddFactAsync(string name, string value, CancellationToken cancellationToken) =>
        writer.RunAsync(
            connection =>
            {
                connection.Execute("INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", new { name, value });
                return connection.QuerySingle<string>("SELECT value FROM installation WHERE name = @name", new { name });
            },
            cancellationToken);

    public void Dispose()
    {
        writer.Dispose();
        ledgerStore.Dispose();
        reads.Dispose();
        reportReads.Dispose();
        loadReads.Dispose();
        file.Dispose();
    }
}
