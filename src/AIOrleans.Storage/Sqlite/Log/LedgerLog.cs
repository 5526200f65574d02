using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>What was written and is not in the tables yet. One half is written while the other is brought into the tables.</summary>
/// <remarks>
/// The tables say of which generation they have everything; frames of the next one, and of the one after it, are behind them. The half being written is of the
/// next one, or, where the other half has frames of that, of the one after it. Applying a generation and saying so are
/// one transaction. So whatever instant a process ends at, the frames of those two, each up to the first damaged one, are exactly what is missing.
/// <para>
/// <see cref="TryWrite"/> is of the ledger's one writer, and waits for nobody's turn; all else but the properties is only within the writer's turn.
/// </para>
/// </remarks>
internal sealed class LedgerLog(LogFile file, SqliteWriter writer, SqliteAccounts accounts, SqliteSettled settled, LogTables tables)
{
    /// <summary>Works in the half being written at which they are brought into the tables: the more together, the fewer pages change twice, and the longer others wait for their turn.</summary>
    private const int DueCount = 512;

    private readonly LogEncoder encoder = new(accounts);
    private readonly HashSet<HoldId> settling = [];
    private readonly SqliteStatement stored = new(writer, "SELECT generation FROM ledger_log");
    private readonly SqliteStatement advance = new(writer, "UPDATE ledger_log SET generation = ?");

    // For the halves and the trust; the tables are not read or written under it.
    private readonly Lock gate = new();
    private LogHalf filling = new(file, start: 0);

    // What the tables are to get next; empty, unless that is under way or has failed.
    private LogHalf leaving = new(file, start: LogFile.HalfBytes);
    private int behindCount;
    private bool isDue;
    private bool isTrusted;

    /// <summary>True when nothing is behind the tables. Read by any thread.</summary>
    public bool IsEmpty => Volatile.Read(ref behindCount) == 0;

    /// <summary>True when so much is behind the tables that it is time. Read by any thread.</summary>
    public bool IsDue => Volatile.Read(ref isDue);

    /// <summary>Finds what a former process has left, to be applied next.</summary>
    /// <returns>How many batches that were.</returns>
    public int Open()
    {
        long generation = ReadStored();
        byte[] content = file.Open();

        if (filling.TryRead(content, generation + 1) || leaving.TryRead(content, generation + 2))
        {
            (filling, leaving) = (leaving, filling);
        }

        bool hasOlder = leaving.TryRead(content, generation + 1);
        if (!filling.TryRead(content, generation + 2) && !hasOlder)
        {
            filling.Begin(generation + 1);
        }

        int count = leaving.FrameCount + filling.FrameCount;
        Volatile.Write(ref behindCount, count);
        isTrusted = true;
        return count;
    }

    /// <summary>Writes <paramref name="batch"/> and sets the result of each work.</summary>
    /// <returns>False when nothing was written, because something in it is not plain, or finds no space: it belongs into the tables, together with what is behind them.</returns>
    public bool TryWrite(WriteBatch batch)
    {
        lock (gate)
        {
            if (!isTrusted || !IsPlain(batch) || !TryWriteFrame(batch))
            {
                return false;
            }

            filling.Settled.UnionWith(settling);
            Volatile.Write(ref behindCount, filling.WorkCount + leaving.WorkCount);
            Volatile.Write(ref isDue, filling.WorkCount >= DueCount);
        }

        batch.Holds.ForEach(static work => work.Result = HoldOutcome.Recorded);
        batch.Settlements.ForEach(static work => work.Result = SettleOutcome.Settled);
        return true;
    }

    /// <summary>Makes what was written so far what <see cref="Apply"/> brings into the tables; what is written from now on goes to the other half.</summary>
    /// <returns>False when there is nothing, or the other half is not empty.</returns>
    public bool TryTurn()
    {
        lock (gate)
        {
            if (filling.FrameCount == 0 || leaving.FrameCount > 0)
            {
                return false;
            }

            leaving.Begin(filling.Generation + 1);
            (filling, leaving) = (leaving, filling);
            Volatile.Write(ref isDue, false);
            return true;
        }
    }

    /// <summary>True when a former attempt to bring them into the tables has left frames.</summary>
    public bool HasLeaving => leaving.FrameCount > 0;

    /// <summary>Brings what <see cref="TryTurn"/> took into the tables. Within a transaction; <see cref="Clear"/> follows once it is committed.</summary>
    /// <exception cref="InvalidOperationException">Some frame was not found again. Nothing of the transaction may stand.</exception>
    public void Apply() => Apply(leaving);

    /// <summary>The tables have what was applied.</summary>
    public void Clear()
    {
        lock (gate)
        {
            leaving.Begin(leaving.Generation);
            Volatile.Write(ref behindCount, filling.WorkCount);
            isTrusted = true;
        }
    }

    /// <summary>Brings everything into the tables. Within a transaction of the ledger's one writer; <see cref="ClearAll"/> follows once it is committed.</summary>
    /// <exception cref="InvalidOperationException">Some frame was not found again. Nothing of the transaction may stand.</exception>
    public void ApplyAll()
    {
        if (HasLeaving)
        {
            Apply(leaving);
        }

        // Without frames too: one that could not be flushed may be on disk nevertheless, and must be of a generation that the tables have.
        Apply(filling);
    }

    /// <summary>The tables have everything: the next frame is the first of another generation.</summary>
    public void ClearAll()
    {
        lock (gate)
        {
            leaving.Begin(leaving.Generation);
            filling.Begin(filling.Generation + 1);
            Volatile.Write(ref behindCount, 0);
            Volatile.Write(ref isDue, false);
            isTrusted = true;
        }
    }

    /// <summary>The tables cannot be written: until they are again, nothing more is put before them.</summary>
    public void Distrust()
    {
        lock (gate)
        {
            isTrusted = false;
        }
    }

    /// <summary>True when each work's result is known without the tables' help: grants are current, and nobody has settled these holds.</summary>
    private bool IsPlain(WriteBatch batch)
    {
        if (batch.Extensions.Count > 0 || batch.Renewals.Count > 0)
        {
            return false;
        }

        settling.Clear();
        foreach (SettleWork work in batch.Settlements)
        {
            HoldId id = work.Row.HoldId;
            if (work.Row.IsEstimate || filling.Settled.Contains(id) || leaving.Settled.Contains(id) || !settling.Add(id) || SqliteWindows.HasLarge(work.Row))
            {
                return false;
            }
        }

        // Those that leave are either in the set above, or committed, so that they are found.
        return batch.Holds.TrueForAll(work => accounts.AreKnownCurrent(work.Row.Hold.Grants)) && !settled.HasAnyOf(settling);
    }

    private bool TryWriteFrame(WriteBatch batch)
    {
        LogWriter image = filling.Image;
        int begin = image.Length;
        bool isWritten = false;
        try
        {
            image.Skip(LogFrame.HeadBytes);
            isWritten = encoder.TryAdd(batch, image) && filling.TryWrite(begin, batch.Holds.Count + batch.Settlements.Count);
        }
        catch (IOException)
        {
            // The tables have their own way to the disk, and say what is wrong with it.
            isTrusted = false;
        }
        finally
        {
            // Whatever went wrong: what is left of it would hide the frames behind it.
            image.CutTo(isWritten ? image.Length : begin);
        }

        return isWritten;
    }

    private void Apply(LogHalf half)
    {
        // Not below: a commit that was reported as failed is in the tables nevertheless.
        if (ReadStored() < half.Generation)
        {
            int count = tables.Apply(half.Image.Written, half.Generation);
            if (count != half.FrameCount)
            {
                throw new InvalidOperationException($"Of {half.FrameCount} batches in the ledger's log {count} were found again.");
            }

            advance.Start().Bind(half.Generation).Execute();
        }
    }

    private long ReadStored()
    {
        stored.Start().Read();
        long number = stored.Long(0);
        stored.Reset();
        return number;
    }
}
