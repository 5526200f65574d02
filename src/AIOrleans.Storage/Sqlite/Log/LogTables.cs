using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>Brings records into the tables. The same code serves what was written a moment ago and what a killed process has left. Only within the writer's turn.</summary>
internal sealed class LogTables(SqliteHolds holds, SqliteEvents events, SqliteBuckets buckets, SqliteWindows windows)
{
    private readonly HashSet<Guid> held = [];

    // Held and settled by the same records: nobody will ever see these holds in the table.
    private readonly HashSet<Guid> passed = [];

    /// <summary>Applies the records of <paramref name="frames"/>, in their order. Within a transaction.</summary>
    /// <returns>How many frames there were.</returns>
    public int Apply(ReadOnlySpan<byte> frames, long generation)
    {
        FindPassed(frames, generation);
        buckets.Begin();
        var each = new FrameReader(frames, generation);
        while (each.TryRead(out LogReader records))
        {
            while (records.TryRead(out LogRecord kind, out LogValues values))
            {
                Apply(kind, values);
            }
        }

        buckets.Save();
        return each.Count;
    }

    private void Apply(LogRecord kind, LogValues values)
    {
        switch (kind)
        {
            case LogRecord.Hold:
                LogValues id = values;
                if (!passed.Contains(id.Id()))
                {
                    holds.Insert(values);
                }

                break;
            case LogRecord.Settle:
                Guid ended = values.Id();
                if (!passed.Contains(ended))
                {
                    holds.Delete(new HoldId(ended));
                }

                break;
            case LogRecord.Event:
                events.Insert(values, sequence: null);
                windows.Count();
                break;
            case LogRecord.Bucket:
                buckets.Add(values);
                break;
            default:
                throw new InvalidDataException($"The ledger's log has a record of kind {kind}, which this version does not know.");
        }
    }

    private void FindPassed(ReadOnlySpan<byte> frames, long generation)
    {
        held.Clear();
        passed.Clear();
        var each = new FrameReader(frames, generation);
        while (each.TryRead(out LogReader records))
        {
            while (records.TryRead(out LogRecord kind, out LogValues values))
            {
                if (kind == LogRecord.Hold)
                {
                    held.Add(values.Id());
                }
                else if (kind == LogRecord.Settle)
                {
                    Guid id = values.Id();
                    if (held.Contains(id))
                    {
                        passed.Add(id);
                    }
                }
            }
        }
    }
}
