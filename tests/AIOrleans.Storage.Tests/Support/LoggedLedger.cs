using System.Buffers.Binary;
using System.Globalization;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Migrations;
using AIOrleans.Storage.Sqlite;
using AIOrleans.Storage.Sqlite.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Storage.Tests.Support;

/// <summary>SQLite's ledger without the thread that brings its log into the tables at any time: that happens when the test says so.</summary>
internal sealed class LoggedLedger : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("aiorleans-");
    private readonly SqliteFile file;
    private readonly SqliteWriter writer;
    private readonly SqliteReads reads;

    public LoggedLedger(string? logPath = null)
    {
        file = new SqliteFile(DatabasePath, LedgerDurability.Strict);
        LogPath = logPath ?? DatabasePath + ".log";
        writer = new SqliteWriter(file, TimeSpan.FromSeconds(10));
        reads = new SqliteReads(file, TimeSpan.FromSeconds(10));
        Store = new SqliteLedgerStore(writer, reads, new SqliteSettled(file), new LogFile(LogPath, flushes: true), TimeProvider.System);
    }

    public SqliteLedgerStore Store { get; }

    public string LogPath { get; }

    private string DatabasePath => Path.Combine(folder.FullName, "test.db");

    /// <returns>How many batches were recovered.</returns>
    public int Prepare()
    {
        using (SqliteConnection connection = file.OpenWriter())
        {
            new SqliteMigrator(Migration.ReadAll("sqlite"), TimeProvider.System, NullLogger.Instance).Apply(connection);
        }

        return Store.Recover();
    }

    /// <summary>The ledger as the next process finds it when this one is killed now; not prepared yet.</summary>
    /// <param name="damage">What happens to the log meanwhile.</param>
    public LoggedLedger Killed(Action<byte[]>? damage = null)
    {
        var next = new LoggedLedger();
        foreach (string suffix in new[] { "", "-wal" }.Where(suffix => File.Exists(DatabasePath + suffix)))
        {
            File.Copy(DatabasePath + suffix, next.DatabasePath + suffix);
        }

        byte[] log = File.ReadAllBytes(LogPath);
        damage?.Invoke(log);
        File.WriteAllBytes(next.LogPath, log);
        return next;
    }

    /// <summary>Bytes of the log's frames that are of one generation with the first.</summary>
    public int LogLength()
    {
        byte[] log = File.ReadAllBytes(LogPath);
        var frames = new FrameReader(log, BinaryPrimitives.ReadInt64LittleEndian(log));
        while (frames.TryRead(out _))
        {
        }

        return frames.Length;
    }

    public IReadOnlyList<AccountGrant> Load() => [.. Requests.Path.Select(LoadOne).Select(snapshot => new AccountGrant(snapshot.Account, snapshot.Epoch))];

    public AccountSnapshot LoadOne(AccountId account)
    {
        var work = new LoadWork(account);
        Store.Load([work]);
        return work.Result!;
    }

    /// <summary>In one batch.</summary>
    public IReadOnlyList<HoldOutcome> Hold(params DurableHold[] holds)
    {
        HoldWork[] works = [.. holds.Select(hold => new HoldWork(HoldRow.Of(hold)))];
        Store.Write(new WriteBatch(works));
        return [.. works.Select(work => work.Result)];
    }

    public SettleOutcome Settle(HoldId id, long tokens) => Settle(SettlementOf(id, tokens));

    public SettleOutcome Settle(Settlement settlement) => Settle(new SettleWork(SettlementRow.Of(settlement)));

    public static SettleWork SettlementOf(HoldId id, long tokens) =>
        new(SettlementRow.Of(Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, tokens, tokens)])));

    /// <summary>Rows of <paramref name="table"/>, as another process sees them.</summary>
    public int CountOf(string table) => Convert.ToInt32(Execute($"SELECT count(*) FROM {table}"), CultureInfo.InvariantCulture);

    /// <summary>Runs SQL as another process would.</summary>
    public object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>From now on a transaction that records usage waits: it releases <paramref name="entered"/>, and then needs <paramref name="goOn"/>.</summary>
    public void HoldUsage(SemaphoreSlim entered, SemaphoreSlim goOn)
    {
        Execute("CREATE TRIGGER held AFTER INSERT ON usage_event BEGIN SELECT hold_up(); END");
        writer.Connection.CreateFunction("hold_up", () =>
        {
            entered.Release();
            goOn.Wait();
            return 1;
        });
    }

    public void LetUsagePass() => Execute("DROP TRIGGER held");

    public void Dispose()
    {
        writer.Dispose();
        Store.Dispose();
        reads.Dispose();
        file.Dispose();
        if (Directory.Exists(folder.FullName))
        {
            folder.Delete(recursive: true);
        }
    }

    private SettleOutcome Settle(SettleWork work)
    {
        Store.Write(new WriteBatch([work]));
        return work.Result;
    }
}
