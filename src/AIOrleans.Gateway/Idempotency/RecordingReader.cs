namespace AIOrleans.Gateway.Idempotency;

/// <summary>One place in a recording, moving at its own pace.</summary>
/// <remarks>Used by one request; the recording only cuts it off.</remarks>
internal sealed class RecordingReader(Recording recording, RecordedPiece start) : IDisposable
{
    private RecordedPiece at = start;
    private long bytesRead;

    public Recording Recording => recording;

    public long BytesRead => Volatile.Read(ref bytesRead);

    /// <summary>True when it fell too far behind an answer that is not kept: what it has not read is lost to it.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Waits until the answer begins, or will not.</summary>
    public async ValueTask WhenBegunAsync(CancellationToken cancellationToken)
    {
        while (recording is { Head: null, End: RecordingEnd.Open })
        {
            Task changed = recording.NextChange();
            if (recording is { Head: null, End: RecordingEnd.Open })
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Waits until no more will come.</summary>
    public async ValueTask WhenEndedAsync(CancellationToken cancellationToken)
    {
        while (recording.End == RecordingEnd.Open)
        {
            Task changed = recording.NextChange();
            if (recording.End == RecordingEnd.Open)
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>The next piece; null at the end, or when cut off.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (!IsCutOff)
        {
            if (at.Next is { } next)
            {
                at = next;
                Interlocked.Add(ref bytesRead, next.Bytes.Length);
                return next.Bytes;
            }

            // Asked in this order: nothing is added after the end, and no change after the signal was taken is missed.
            Task changed = recording.NextChange();
            bool isEnded = recording.End != RecordingEnd.Open;
            if (at.Next is null)
            {
                if (isEnded)
                {
                    return null;
                }

                await changed.WaitAsync(cancellationToken);
            }
        }

        return null;
    }

    public void Dispose() => recording.Leave(this);
}
