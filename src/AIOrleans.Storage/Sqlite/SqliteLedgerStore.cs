using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Sqlite.Log;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The ledger on SQLite: the writer's turn, and reads on connections of their own.</summary>
/// <remarks>What is plain goes to a log, and from there into the tables some at a time; whatever needs the tables for its answer brings the log into them first. Reads do, too.</remarks>
internal sealed class SqliteLedgerStore : ILedgerStore, IDisposable
{
    private readonly SqliteWriter writer;
    private readonly SqliteReads reads;
    private readonly SqliteAccounts accounts;
    private readonly SqliteHolds holds;
    private readonly SqliteBuckets buckets;
    private readonly SqliteSettlements settlements;
    private readonly SqliteLoads loads;
    private readonly SqliteWindows windows;
    private readonly SqliteSettled settled;
    private readonly LogFile file;
    private readonly LedgerLog log;

    public SqliteLedgerStore(SqliteWriter writer, SqliteReads reads, SqliteSettled settled, LogFile file, TimeProvider clock)
    {
        this.writer = writer;
        this.reads = reads;
        this.settled = settled;
        this.file = file;
        accounts = new SqliteAccounts(writer);
        holds = new SqliteHolds(writer, accounts);
        buckets = new SqliteBuckets(writer, accounts);
        windows = new SqliteWindows(writer, accounts);
        var events = new SqliteEvents(writer);
        settlements = new SqliteSettlements(writer, accounts, holds, events, windows);
        loads = new SqliteLoads(writer, accounts, windows, clock);
        log = new LedgerLog(file, writer, accounts, settled, new LogTables(holds, events, buckets, windows));
    }

    public bool IsLocal => true;

    public bool IsBehind => !log.IsEmpty;

    public bool IsFarBehind => log.IsDue;

    /// <summary>Brings what a former process has left into the tables. Once, before anything else; the schema must be ready.</summary>
    /// <returns>How many batches that were.</returns>
    public int Recover()
    {
        int count = 0;
        writer.InTurn(() =>
        {
            count = log.Open();
            InTransaction(static () => { });
        });
        return count;
    }

    public void Write(WriteBatch batch)
    {
        if (!log.TryWrite(batch))
        {
            writer.InTurn(() => InTransaction(() => WriteRows(batch)));
        }
    }

    public void Load(IReadOnlyList<LoadWork> works) => writer.InTurn(() => InTransaction(() => loads.Load(works)));

    public void CatchUp() => writer.InTurn(CatchUpInTurn);

    public Task CatchUpAsync(CancellationToken cancellationToken) => log.IsEmpty ? Task.CompletedTask : writer.InTurnAsync(CatchUpInTurn, cancellationToken);

    public LedgerFault Classify(Exception exception) => SqliteFaults.Classify(exception);

    public void Disconnect()
    {
        settled.Disconnect();
        writer.Disconnect();
    }

    public async Task<IReadOnlyList<DurableHold>> ReadExpiredAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        return await reads.ReadAsync(
            $"SELECT {HoldColumns.Selected} FROM hold WHERE lease_until < @now ORDER BY lease_until LIMIT @count",
            [("@now", now.ToMicros()), ("@count", countMax)], HoldColumns.Read, cancellationToken);
    }

    public async Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(long afterSequence, int countMax, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        return await reads.ReadAsync(
            $"SELECT {EventColumns.Selected} FROM usage_event WHERE sequence > @after ORDER BY sequence LIMIT @count",
            [("@after", afterSequence), ("@count", countMax)], EventColumns.Read, cancellationToken);
    }

    public async Task<IReadOnlyList<UsageEvent>> ReadReplacedAsync(TimeSpan reach, int countMax, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        return await reads.ReadAsync(
            $"""
            SELECT {EventColumns.Selected} FROM usage_event
            WHERE hold_id IN (SELECT hold_id FROM orphan_estimate WHERE replaced_at > {SqliteEstimates.NowMicros} - @reach ORDER BY replaced_at DESC LIMIT @count)
            LIMIT @count
            """,
            [("@reach", reach.Ticks / TimeSpan.TicksPerMicrosecond), ("@count", countMax)], EventColumns.Read, cancellationToken);
    }

    public async Task<int> PruneAsync(DateTimeOffset minutesBefore, DateTimeOffset hoursBefore, int countMax, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        int deleted = 0;
        await writer.InTurnAsync(
            () => InTransactionOrForget(() =>
            {
                windows.CatchUp();
                using var command = writer.Connection.CreateCommand();
                command.CommandText = """
                    DELETE FROM account_window WHERE (account_no, period, period_start, operation) IN (
                        SELECT account_no, period, period_start, operation FROM account_window
                        WHERE period <= 2 AND ((period = 1 AND period_start < @minutes) OR (period = 2 AND period_start < @hours)) LIMIT @count)
                    """;
                command.Parameters.AddWithValue("@minutes", minutesBefore.ToMicros());
                command.Parameters.AddWithValue("@hours", hoursBefore.ToMicros());
                command.Parameters.AddWithValue("@count", countMax);
                deleted = command.ExecuteNonQuery();
            }),
            cancellationToken);
        return deleted;
    }

    public void Dispose()
    {
        settled.Dispose();
        file.Dispose();
    }

    /// <summary>Brings what is in the log now into the tables, while more is written to it.</summary>
    private void CatchUpInTurn()
    {
        if (log.HasLeaving)
        {
            ApplyLeaving();
        }

        if (log.TryTurn())
        {
            ApplyLeaving();
        }

        if (windows.IsDue)
        {
            // Apart: a sum that cannot be written keeps no call from being recorded.
            InTransactionOrForget(windows.CatchUp);
        }
    }

    private void ApplyLeaving()
    {
        try
        {
            writer.InTransaction(log.Apply);
        }
        catch
        {
            log.Distrust();
            throw;
        }

        log.Clear();
    }

    /// <summary>Brings the log into the tables and then does <paramref name="work"/>, in one transaction. Only for the ledger's one writer, who writes nothing to the log meanwhile.</summary>
    private void InTransaction(Action work)
    {
        try
        {
            InTransactionOrForget(() =>
            {
                log.ApplyAll();
                work();
            });
        }
        catch
        {
            log.Distrust();
            throw;
        }

        log.ClearAll();
    }

    private void InTransactionOrForget(Action work)
    {
        try
        {
            writer.InTransaction(work);
        }
        catch
        {
            // Nothing of the transaction stands: neither do numbers and epochs of accounts that it gave.
            accounts.Forget();
            throw;
        }
    }

    private void WriteRows(WriteBatch batch)
    {
        buckets.Begin();
        foreach (HoldWork work in batch.Holds)
        {
            HoldOutcome outcome = holds.Insert(work.Row);
            work.Result = outcome;
            buckets.Add(outcome == HoldOutcome.Recorded ? work.Row.Hold.Buckets : []);
        }

        foreach (ExtendWork work in batch.Extensions)
        {
            work.Result = holds.Extend(work.Extension);
            buckets.Add(work.SavedBuckets);
        }

        foreach (SettleWork work in batch.Settlements)
        {
            work.Result = settlements.Settle(work.Row);
            buckets.Add(work.Row.Settlement.Buckets);
        }

        foreach (RenewWork work in batch.Renewals)
        {
            work.Result = holds.Renew(work);
        }

        buckets.Save();
    }
}
