using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>The ledger on PostgreSQL: array statements, three round trips for a batch of any size; the locks of all writers are taken in one order.</summary>
internal sealed class PostgresLedgerStore : ILedgerStore
{
    private readonly PostgresConnections connections;
    private readonly PostgresReads reads;
    private readonly PostgresSequence sequence;
    private readonly PostgresAccounts accounts = new();
    private readonly PostgresHolds holds;
    private readonly PostgresExtensions extensions = new();
    private readonly PostgresEvents events;
    private readonly PostgresLoads loads;

    public PostgresLedgerStore(PostgresConnections connections, PostgresReads reads, PostgresSequence sequence, TimeProvider clock)
    {
        this.connections = connections;
        this.reads = reads;
        this.sequence = sequence;
        holds = new PostgresHolds(accounts);
        events = new PostgresEvents(sequence);
        loads = new PostgresLoads(accounts, clock);
    }

    public bool IsLocal => false;

    public bool IsBehind => false;

    public bool IsFarBehind => false;

    public void Write(WriteBatch batch)
    {
        // Two settlements of one hold see each other's rows only in transactions of their own.
        foreach (WriteBatch round in batch.InRounds())
        {
            Run(connection => WriteRound(connection, round));
        }
    }

    public void Load(IReadOnlyList<LoadWork> works) => Run(connection => loads.Load(connection, works));

    public void CatchUp()
    {
        // What is committed is seen.
    }

    public LedgerFault Classify(Exception exception) => PostgresFaults.Classify(exception);

    public void Disconnect() => connections.ForgetAll();

    public Task<IReadOnlyList<DurableHold>> ReadExpiredAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            $"SELECT {HoldColumns.Selected} FROM hold WHERE lease_until < @now ORDER BY lease_until LIMIT @count",
            [("@now", now.ToMicros()), ("@count", countMax)], HoldColumns.Read, cancellationToken);

    public Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(long afterSequence, int countMax, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            $"""
            SELECT {EventColumns.Selected} FROM usage_event
            WHERE sequence > @after AND sequence < {PostgresSequence.HorizonOf("@shift")} ORDER BY sequence LIMIT @count
            """,
            [("@after", afterSequence), ("@shift", sequence.Shift), ("@count", countMax)], EventColumns.Read, cancellationToken);

    public Task<IReadOnlyList<UsageEvent>> ReadReplacedAsync(TimeSpan reach, int countMax, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            $"""
            SELECT {EventColumns.Selected} FROM usage_event
            WHERE hold_id = ANY (ARRAY(SELECT hold_id FROM orphan_estimate WHERE replaced_at > {PostgresEvents.NowMicros} - @reach ORDER BY replaced_at DESC LIMIT @count))
            LIMIT @count
            """,
            [("@reach", reach.Ticks / TimeSpan.TicksPerMicrosecond), ("@count", countMax)], EventColumns.Read, cancellationToken);

    public async Task<int> PruneAsync(DateTimeOffset minutesBefore, DateTimeOffset hoursBefore, int countMax, CancellationToken cancellationToken)
    {
        // Rows that a writer has just locked are left for the next time.
        IReadOnlyList<int> deleted = await reads.ReadAsync(
            """
            DELETE FROM account_window WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM account_window
                WHERE period <= 2 AND ((period = 1 AND period_start < @minutes) OR (period = 2 AND period_start < @hours))
                LIMIT @count FOR UPDATE SKIP LOCKED)) RETURNING 1
            """,
            [("@minutes", minutesBefore.ToMicros()), ("@hours", hoursBefore.ToMicros()), ("@count", countMax)], row => row.GetInt32(0), cancellationToken);
        return deleted.Count;
    }

    private void WriteRound(NpgsqlConnection connection, WriteBatch batch)
    {
        accounts.Ensure(connection, batch.AccountNames());

        // 1. Lock: epochs first, then the holds that end.
        Dictionary<long, long> epochs = [];
        HashSet<Guid> ended = [];
        PostgresPipeline pipeline = new PostgresPipeline(connection).Add("BEGIN", null);
        holds.ReadEpochs(pipeline, batch.Grants(), epochs);
        holds.Delete(pipeline, batch.Settlements, ended);
        pipeline.Run();

        // 2. Insert holds and events; the database tells which events are new.
        List<HoldWork> admitted = Admit(connection, batch.Holds, epochs);
        var settlements = new PostgresSettlements(accounts, events);
        settlements.Plan(connection, batch.Settlements, ended);
        pipeline = new PostgresPipeline(connection);
        holds.Insert(pipeline, [.. admitted.Select(work => work.Row)]);
        extensions.Write(pipeline, batch.Extensions, work => holds.IsCurrent(work.Extension.Grants, epochs));
        settlements.Write(pipeline);
        pipeline.Run();

        // 3. Add what is new to the windows, and commit.
        var deltas = new WindowDeltas();
        settlements.Charge(batch.Settlements, deltas);
        pipeline = new PostgresPipeline(connection);
        batch.Renewals.ForEach(work => holds.Renew(pipeline, work));
        PostgresWindows.Add(pipeline, deltas);
        PostgresWindows.Save(pipeline, BucketsOf(batch, admitted), accounts);
        pipeline.Add("COMMIT", null).Run();
    }

    /// <summary>Sets the outcome of every hold.</summary>
    /// <returns>Those to insert.</returns>
    private List<HoldWork> Admit(NpgsqlConnection connection, List<HoldWork> works, Dictionary<long, long> epochs)
    {
        List<HoldWork> current = [.. works.Where(work => holds.IsCurrent(work.Row.Hold.Grants, epochs))];
        current.ForEach(static work => work.Result = HoldOutcome.Recorded);
        if (current.Count < works.Count)
        {
            // A repeated call whose first try was written: what is in the table is seen by every later load, so it stands.
            List<HoldWork> stale = [.. works.Except(current)];
            HashSet<Guid> known = holds.FindKnown(connection, [.. stale.Select(work => work.Row.Hold.Id.Value)]);
            stale.ForEach(work => work.Result = known.Contains(work.Row.Hold.Id.Value) ? HoldOutcome.Recorded : HoldOutcome.Fenced);
        }

        return current;
    }

    private static NewestBuckets BucketsOf(WriteBatch batch, List<HoldWork> admitted)
    {
        var buckets = new NewestBuckets();
        admitted.ForEach(work => buckets.Add(work.Row.Hold.Buckets));
        batch.Extensions.ForEach(work => buckets.Add(work.SavedBuckets));
        batch.Settlements.ForEach(work => buckets.Add(work.Row.Settlement.Buckets));
        return buckets;
    }

    private void Run(Action<NpgsqlConnection> work)
    {
        try
        {
            work(connections.Writer);
        }
        catch
        {
            // Its transaction may be open or broken: the pool rolls it back or closes it.
            connections.ForgetWriter();
            throw;
        }
    }
}
