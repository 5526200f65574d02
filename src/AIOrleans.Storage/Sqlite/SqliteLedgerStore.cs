using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The ledger on SQLite: the writer's transaction, and reads on connections of their own.</summary>
internal sealed class SqliteLedgerStore : ILedgerStore
{
    private readonly SqliteWriter writer;
    private readonly SqliteReads reads;
    private readonly SqliteAccounts accounts;
    private readonly SqliteHolds holds;
    private readonly SqliteSettlements settlements;
    private readonly SqliteLoads loads;
    private readonly SqliteWindows windows;
    private readonly SqliteStatement saveBucket;

    public SqliteLedgerStore(SqliteWriter writer, SqliteReads reads, TimeProvider clock)
    {
        this.writer = writer;
        this.reads = reads;
        accounts = new SqliteAccounts(writer);
        holds = new SqliteHolds(writer, accounts);
        windows = new SqliteWindows(writer, accounts);
        settlements = new SqliteSettlements(writer, accounts, holds, windows);
        loads = new SqliteLoads(writer, accounts, windows, clock);
        saveBucket = new SqliteStatement(writer, """
            INSERT INTO account_bucket (account_no, epoch, sequence, requests_micro, tokens_micro, at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (account_no) DO UPDATE
            SET epoch = excluded.epoch, sequence = excluded.sequence, requests_micro = excluded.requests_micro,
                tokens_micro = excluded.tokens_micro, at = excluded.at
            WHERE (excluded.epoch, excluded.sequence) > (account_bucket.epoch, account_bucket.sequence)
            """);
    }

    public bool IsLocal => true;

    public void Write(WriteBatch batch) => Run(() =>
    {
        var buckets = new NewestBuckets();
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

        Save(buckets);
    });

    public void Load(IReadOnlyList<LoadWork> works) => Run(() => loads.Load(works));

    public LedgerFault Classify(Exception exception) => SqliteFaults.Classify(exception);

    public void Disconnect() => writer.Disconnect();

    public Task<IReadOnlyList<DurableHold>> ReadExpiredAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            $"SELECT {HoldColumns.Selected} FROM hold WHERE lease_until < @now ORDER BY lease_until LIMIT @count",
            [("@now", now.ToMicros()), ("@count", countMax)], HoldColumns.Read, cancellationToken);

    public Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(long afterSequence, int countMax, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            $"SELECT {EventColumns.Selected} FROM usage_event WHERE sequence > @after ORDER BY sequence LIMIT @count",
            [("@after", afterSequence), ("@count", countMax)], EventColumns.Read, cancellationToken);

    public Task<IReadOnlyList<UsageEvent>> ReadReplacedAsync(TimeSpan reach, int countMax, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            $"""
            SELECT {EventColumns.Selected} FROM usage_event
            WHERE hold_id IN (SELECT hold_id FROM orphan_estimate WHERE replaced_at > {SqliteEstimates.NowMicros} - @reach ORDER BY replaced_at DESC LIMIT @count)
            LIMIT @count
            """,
            [("@reach", reach.Ticks / TimeSpan.TicksPerMicrosecond), ("@count", countMax)], EventColumns.Read, cancellationToken);

    public Task<int> PruneAsync(DateTimeOffset minutesBefore, DateTimeOffset hoursBefore, int countMax, CancellationToken cancellationToken) =>
        writer.RunAsync(
            connection =>
            {
                windows.CatchUp();
                using var command = connection.CreateCommand();
                command.CommandText = """
                    DELETE FROM account_window WHERE (account_no, period, period_start, operation) IN (
                        SELECT account_no, period, period_start, operation FROM account_window
                        WHERE period <= 2 AND ((period = 1 AND period_start < @minutes) OR (period = 2 AND period_start < @hours)) LIMIT @count)
                    """;
                command.Parameters.AddWithValue("@minutes", minutesBefore.ToMicros());
                command.Parameters.AddWithValue("@hours", hoursBefore.ToMicros());
                command.Parameters.AddWithValue("@count", countMax);
                return command.ExecuteNonQuery();
            },
            cancellationToken);

    private void Run(Action work)
    {
        try
        {
            writer.Run(work);
        }
        catch
        {
            // Nothing of the transaction stands: neither do numbers and epochs that it gave.
            accounts.Forget();
            throw;
        }
    }

    private void Save(NewestBuckets buckets)
    {
        foreach (BucketLevels levels in buckets.All)
        {
            saveBucket.Start().Bind(accounts.NumberOf(levels.Account.ToString())).Bind(levels.Epoch).Bind(levels.Sequence)
                .Bind(levels.RequestsMicro).Bind(levels.TokensMicro).Bind(levels.At.ToMicros()).Execute();
        }
    }
}
