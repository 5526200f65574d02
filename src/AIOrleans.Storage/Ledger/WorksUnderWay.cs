namespace AIOrleans.Storage.Ledger;

/// <summary>Batches whose transaction runs: the writer answers their works while the watchdog looks for those that are late.</summary>
/// <remarks>Thread-safe. It holds at most one batch of the writer's thread and one of a lone caller.</remarks>
internal sealed class WorksUnderWay
{
    private readonly Lock gate = new();
    private readonly List<List<LedgerWork>> batches = [];

    /// <summary>Watches over <paramref name="batch"/>, which must not change until its end.</summary>
    public void Begin(List<LedgerWork> batch)
    {
        lock (gate)
        {
            batches.Add(batch);
        }
    }

    /// <summary>From here on the watchdog must not call them late: what is committed is never answered with a failure.</summary>
    public void NoteWritten(List<LedgerWork> written)
    {
        lock (gate)
        {
            written.ForEach(static work => work.IsWritten = true);
        }
    }

    public void End(List<LedgerWork> batch)
    {
        lock (gate)
        {
            batches.Remove(batch);
        }
    }

    /// <summary>Hands out the works queued before <paramref name="timestamp"/> that are neither written nor answered; none is noted as written meanwhile.</summary>
    public void ForEachUnwritten(long timestamp, Action<LedgerWork> act)
    {
        lock (gate)
        {
            foreach (LedgerWork work in batches.SelectMany(batch => batch))
            {
                if (work.QueuedAtTimestamp < timestamp && !work.IsWritten && !work.IsAnswered)
                {
                    act(work);
                }
            }
        }
    }
}
