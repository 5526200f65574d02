using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Journal;

/// <summary>The outage journal in a file of the data folder, which is made when it is first needed and emptied when the ledger has everything.</summary>
/// <remarks>Whatever has arrived while the disk flushes shares the next flush: a burst of calls waits for two of them, not for as many as it has calls.</remarks>
internal sealed class OutageJournal : IOutageJournal, IDisposable
{
    private readonly string path;
    private readonly long bytesMax;
    private readonly ILogger<OutageJournal> logger;
    private readonly Lock queueGate = new();
    private readonly Lock fileGate = new();

    // Guarded by queueGate.
    private List<Waiting> waiting = [];
    private bool isWriting;

    // Guarded by fileGate, except for a glance at whether it has room.
    private JournalFile? file;
    private bool isFailing;

    /// <param name="path">The file; its folder exists.</param>
    /// <param name="bytesMax">Largest size of the file.</param>
    public OutageJournal(string path, long bytesMax, ILogger<OutageJournal> logger)
    {
        this.path = path;
        this.bytesMax = bytesMax;
        this.logger = logger;
    }

    public bool HasRoom => !isFailing && HasSpace;

    public bool IsEmpty => Bytes == 0;

    /// <summary>What is in it.</summary>
    public long Bytes => file?.Length ?? 0;

    public long BytesMax => bytesMax;

    /// <summary>A quarter of the file is kept for settlements of what the rest of it let through.</summary>
    private bool HasSpace => Bytes < bytesMax / 4 * 3;

    public Task<IReadOnlyList<JournalRecord>> OpenAsync(CancellationToken cancellationToken)
    {
        List<JournalRecord> records = [];
        lock (fileGate)
        {
            if (File.Exists(path) && TryOpen() is { } opened)
            {
                int number = 0;
                foreach (byte[] line in opened.ReadLines())
                {
                    number++;
                    if (JournalLine.Read(line) is { } record)
                    {
                        records.Add(record);
                    }
                    else
                    {
                        StorageLog.JournalLineDamaged(logger, path, number);
                    }
                }
            }
        }

        return Task.FromResult<IReadOnlyList<JournalRecord>>(records);
    }

    public Task<bool> TryAppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        // A disk that failed is tried again: it may have been full.
        if (record is JournalRecord.Held && !HasSpace)
        {
            return Task.FromResult(false);
        }

        var work = new Waiting(JournalLine.Of(record));
        lock (queueGate)
        {
            waiting.Add(work);
            if (!isWriting)
            {
                isWriting = true;
                ThreadPool.UnsafeQueueUserWorkItem(static journal => journal.WriteAll(), this, preferLocal: false);
            }
        }

        return work.Written.Task;
    }

    public void Clear()
    {
        lock (fileGate)
        {
            try
            {
                file?.Truncate(0);
            }
            catch (IOException exception)
            {
                // Its records stay, and the next start finds that the ledger has them.
                StorageLog.JournalFails(logger, path, exception.Message);
            }
        }
    }

    public void Dispose()
    {
        lock (fileGate)
        {
            file?.Dispose();
            file = null;
        }
    }

    private void WriteAll()
    {
        while (true)
        {
            List<Waiting> batch;
            lock (queueGate)
            {
                if (waiting.Count == 0)
                {
                    isWriting = false;
                    return;
                }

                (batch, waiting) = (waiting, []);
            }

            bool isWritten = TryWrite([.. batch.SelectMany(work => work.Line)]);
            batch.ForEach(work => work.Written.SetResult(isWritten));
        }
    }

    private bool TryWrite(byte[] bytes)
    {
        lock (fileGate)
        {
            if ((file ?? TryOpen()) is not { } opened || opened.Length + bytes.Length > bytesMax)
            {
                return false;
            }

            try
            {
                opened.Append(bytes);
                isFailing = false;
                return true;
            }
            catch (IOException exception)
            {
                Fail(exception);
                return false;
            }
        }
    }

    private JournalFile? TryOpen()
    {
        try
        {
            return file = new JournalFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail(exception);
            return null;
        }
    }

    private void Fail(Exception exception)
    {
        if (!isFailing)
        {
            isFailing = true;
            StorageLog.JournalFails(logger, path, exception.Message);
        }
    }

    private sealed record Waiting(byte[] Line)
    {
        // Continuations leave the writing thread: a caller's code never delays the next flush.
        public TaskCompletionSource<bool> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
