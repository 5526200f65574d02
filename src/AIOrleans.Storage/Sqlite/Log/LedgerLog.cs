using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>What was written and is not in the tables yet: on disk, so that it stays, and in memory, so that it can be applied. Only within the writer's turn.</summary>
/// <remarks>
/// The tables say of which generation they have everything; frames of the next one are behind them. Applying and saying so are one transaction, after which the
/// next frame overwrites the first. So whatever instant a process ends at, the frames of the next generation, up to the first damaged one, are exactly what is missing.
/// </remarks>
internal sealed class LedgerLog(LogFile file, SqliteWriter writer, SqliteAccounts accounts, SqliteEvents events, LogTables tables)
{
    /// <summary>Works behind the tables at which they are brought there: some five milliseconds under full load.</summary>
    private const int DueCount = 128;

    private readonly LogWriter image = new();
    private readonly HashSet<HoldId> settled = [];
    private readonly HashSet<HoldId> settling = [];
    private readonly SqliteStatement stored = new(writer, "SELECT generation FROM ledger_log");
    private readonly SqliteStatement advance = new(writer, "UPDATE ledger_log SET generation = ?");

    // Of the frames to come.
    private long generation;
    private int frameCount;
    private int workCount;
    private bool isTrusted;

    /// <summary>True when nothing is behind the tables. Read by any thread.</summary>
    public bool IsEmpty => Volatile.Read(ref workCount) == 0;

    /// <summary>True when so much is behind the tables that it is time. Read by any thread.</summary>
    public bool IsDue => Volatile.Read(ref workCount) >= DueCount;

    /// <summary>Finds what a former process has left, to be applied next.</summary>
    /// <returns>How many batches that were.</returns>
    public int Open()
    {
        generation = ReadStored() + 1;
        byte[] content = file.Open();
        var left = new FrameReader(content, generation);
        while (left.TryRead(out _))
        {
        }

        image.Fill(content.AsSpan(0, left.Length));
        frameCount = left.Count;
        Volatile.Write(ref workCount, left.Count);
        isTrusted = true;
        return left.Count;
    }

    /// <summary>Writes <paramref name="batch"/> and sets the result of each work.</summary>
    /// <returns>False when nothing was written, because something in it is not plain, or finds no space: it belongs into the tables, together with what is behind them.</returns>
    public bool TryWrite(WriteBatch batch)
    {
        if (!isTrusted || !IsPlain(batch))
        {
            return false;
        }

        int begin = image.Length;
        bool isWritten = false;
        try
        {
            image.Skip(LogFrame.HeadBytes);
            isWritten = TryEncode(batch) && image.Length <= LogFile.BytesMax && TryAppend(begin);
        }
        finally
        {
            // Whatever went wrong: what is left of it would hide the frames behind it.
            image.CutTo(isWritten ? image.Length : begin);
        }

        if (!isWritten)
        {
            return false;
        }

        batch.Holds.ForEach(static work => work.Result = HoldOutcome.Recorded);
        batch.Settlements.ForEach(static work => work.Result = SettleOutcome.Settled);
        settled.UnionWith(settling);
        frameCount++;
        Volatile.Write(ref workCount, workCount + batch.Holds.Count + batch.Settlements.Count);
        return true;
    }

    /// <summary>Brings everything into the tables. Within a transaction; <see cref="Clear"/> follows once it is committed.</summary>
    /// <exception cref="InvalidOperationException">Some frame was not found again. Nothing of the transaction may stand.</exception>
    public void Apply()
    {
        // Not below: a commit that was reported as failed is in the tables nevertheless.
        if (ReadStored() < generation)
        {
            int count = tables.Apply(image.Written, generation);
            if (count != frameCount)
            {
                throw new InvalidOperationException($"Of {frameCount} batches in the ledger's log {count} were found again.");
            }

            advance.Start().Bind(generation).Execute();
        }
    }

    /// <summary>Everything is in the tables: the next frame is the first of another generation.</summary>
    public void Clear()
    {
        image.CutTo(0);
        settled.Clear();
        frameCount = 0;
        Volatile.Write(ref workCount, 0);
        isTrusted = true;
        generation++;
    }

    /// <summary>The tables cannot be written: until they are again, nothing more is put before them.</summary>
    public void Distrust() => isTrusted = false;

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
            if (work.Row.IsEstimate || settled.Contains(work.Row.HoldId) || !settling.Add(work.Row.HoldId) || SqliteWindows.HasLarge(work.Row))
            {
                return false;
            }
        }

        return batch.Holds.TrueForAll(work => accounts.AreCurrent(work.Row.Hold.Grants)) && !events.HasAnyOf(settling);
    }

    private bool TryEncode(WriteBatch batch)
    {
        foreach (HoldWork work in batch.Holds)
        {
            image.AddHold(work.Row);
            if (!TryEncode(work.Row.Hold.Buckets))
            {
                return false;
            }
        }

        foreach (SettleWork work in batch.Settlements)
        {
            image.AddSettlement(work.Row);
            if (!TryEncode(work.Row.Settlement.Buckets))
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>False when an account has no number yet: it would be given one by a transaction.</returns>
    private bool TryEncode(IReadOnlyList<BucketLevels> buckets)
    {
        for (int i = 0; i < buckets.Count; i++)
        {
            if (accounts.FindNumber(buckets[i].Account.ToString()) is not { } number)
            {
                return false;
            }

            image.AddBucket(number, buckets[i]);
        }

        return true;
    }

    private long ReadStored()
    {
        stored.Start().Read();
        long number = stored.Long(0);
        stored.Reset();
        return number;
    }

    private bool TryAppend(int begin)
    {
        Span<byte> frame = image.Written[begin..];
        LogFrame.Seal(frame, generation, frameCount);
        try
        {
            file.Write(frame, begin);
            return true;
        }
        catch (IOException)
        {
            // The tables have their own way to the disk, and say what is wrong with it.
            isTrusted = false;
            return false;
        }
    }
}
