using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Sqlite.Log;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Inserts, ends and renews holds. Only within the writer's turn.</summary>
internal sealed class SqliteHolds(SqliteWriter writer, SqliteAccounts accounts)
{
    private readonly LogWriter scratch = new();

    // A hold that was already settled is never inserted again: so a row in this table means that its hold has no usage events.
    private readonly SqliteStatement insert = new(writer, """
        INSERT INTO hold (hold_id, owner, lease_until, held_at, path, worst_tokens, worst_nano, expected_tokens, expected_nano,
                          operation, key_id, model, time_zone, tags)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
        WHERE NOT EXISTS (SELECT 1 FROM usage_event WHERE hold_id = ?1)
        ON CONFLICT (hold_id) DO NOTHING
        """);

    private readonly SqliteStatement exists = new(
        writer, "SELECT 1 WHERE EXISTS (SELECT 1 FROM hold WHERE hold_id = ?1) OR EXISTS (SELECT 1 FROM usage_event WHERE hold_id = ?1)");

    private readonly SqliteStatement delete = new(writer, "DELETE FROM hold WHERE hold_id = ?");

    private readonly SqliteStatement renew = new(writer, "UPDATE hold SET lease_until = max(lease_until, ?) WHERE hold_id = ?");

    private readonly SqliteStatement extend = new(writer, """
        UPDATE hold SET worst_tokens = max(worst_tokens, ?2), worst_nano = max(worst_nano, ?3),
                        expected_tokens = max(expected_tokens, ?4), expected_nano = max(expected_nano, ?5)
        WHERE hold_id = ?1
        """);

    private readonly SqliteStatement isExtended = new(writer, """
        SELECT 1 FROM hold WHERE hold_id = ?1 AND worst_tokens >= ?2 AND worst_nano >= ?3 AND expected_tokens >= ?4 AND expected_nano >= ?5
        """);

    public HoldOutcome Insert(HoldRow row)
    {
        if (!accounts.AreCurrent(row.Hold.Grants))
        {
            // A repeated call whose first try was written: what is in the table is seen by every later load, so it stands.
            return IsKnown(row.Hold.Id) ? HoldOutcome.Recorded : HoldOutcome.Fenced;
        }

        scratch.CutTo(0);
        scratch.AddHold(row);
        var reader = new LogReader(scratch.Written);
        reader.TryRead(out _, out LogValues values);
        Insert(values);
        return HoldOutcome.Recorded;
    }

    /// <summary>Inserts a record of <see cref="LogRecord.Hold"/>, whose grants were current when it was written.</summary>
    public void Insert(LogValues values)
    {
        values.BindTo(insert.Start());
        insert.Execute();
    }

    /// <summary>Raises the sizes of an open hold.</summary>
    public ExtendOutcome Extend(HoldExtension extension)
    {
        if (accounts.AreCurrent(extension.Grants))
        {
            return Bind(extend, extension).Execute() > 0 ? ExtendOutcome.Recorded : ExtendOutcome.NotOpen;
        }

        // As of Insert: a repeated call may have been written.
        bool stands = Bind(isExtended, extension).Read();
        isExtended.Reset();
        return stands ? ExtendOutcome.Recorded : ExtendOutcome.Fenced;
    }

    /// <summary>Ends a hold; false when it is not open (or, under <c>fast</c> durability, never was written).</summary>
    public bool Delete(HoldId id) => delete.Start().Bind(id.Value).Execute() > 0;

    public IReadOnlyList<HoldId> Renew(RenewWork work)
    {
        long leaseUntil = work.LeaseUntil.ToMicros();
        return [.. work.Holds.Where(id => renew.Start().Bind(leaseUntil).Bind(id.Value).Execute() > 0)];
    }

    private static SqliteStatement Bind(SqliteStatement statement, HoldExtension extension) =>
        statement.Start().Bind(extension.Id.Value)
            .Bind(extension.Total.Worst.Tokens).Bind(extension.Total.Worst.Cost.Value)
            .Bind(extension.Total.Expected.Tokens).Bind(extension.Total.Expected.Cost.Value);

    private bool IsKnown(HoldId id)
    {
        exists.Start().Bind(id.Value);
        bool known = exists.Read();
        exists.Reset();
        return known;
    }
}
