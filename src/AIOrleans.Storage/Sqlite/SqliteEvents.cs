using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Sqlite.Log;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Writes usage events. Only within the writer's turn.</summary>
internal sealed class SqliteEvents(SqliteWriter writer)
{
    private readonly LogWriter scratch = new();

    // What is there stands: whatever a log says twice counts once.
    private readonly SqliteStatement insert = new(writer, $"""
        INSERT INTO usage_event (sequence, {EventColumns.Inserted}) VALUES ({string.Join(',', Enumerable.Repeat("?", EventColumns.InsertedCount + 1))})
        ON CONFLICT (hold_id, attempt) DO NOTHING
        """);

    private readonly SqliteStatement attempts = new(writer, "SELECT attempt FROM usage_event WHERE hold_id = ?");
    private readonly SqliteStatement delete = new(writer, "DELETE FROM usage_event WHERE hold_id = ?");

    /// <summary>The attempts of a hold that are recorded.</summary>
    public HashSet<int> AttemptsOf(HoldId id)
    {
        HashSet<int> known = [];
        attempts.Start().Bind(id.Value);
        while (attempts.Read())
        {
            known.Add((int)attempts.Long(0));
        }

        return known;
    }

    /// <param name="sequence">Null: the next one.</param>
    public void Insert(SettlementRow row, UsageEvent e, long? sequence)
    {
        scratch.CutTo(0);
        scratch.AddEvent(row, e);
        var reader = new LogReader(scratch.Written);
        reader.TryRead(out _, out LogValues values);
        Insert(values, sequence);
    }

    /// <summary>Inserts a record of <see cref="LogRecord.Event"/>.</summary>
    /// <param name="sequence">Null: the next one.</param>
    public void Insert(LogValues values, long? sequence)
    {
        values.BindTo(insert.Start().Bind(sequence));
        insert.Execute();
    }

    public void Delete(HoldId id) => delete.Start().Bind(id.Value).Execute();
}
