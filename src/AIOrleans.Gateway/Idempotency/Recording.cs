using AIOrleans.Contracts.Idempotency;
using AIOrleans.Core.Idempotency;

namespace AIOrleans.Gateway.Idempotency;

/// <summary>How a recording stands.</summary>
internal enum RecordingEnd
{
    /// <summary>More may come.</summary>
    Open,

    /// <summary>It is what the first client got, to the end.</summary>
    Whole,

    /// <summary>It ended in the middle, or before it began: nobody was left to listen, or a bug.</summary>
    Broken,

    /// <summary>It is not made here: see <see cref="Recording.Verdict"/>.</summary>
    Elsewhere,
}

/// <summary>The answer to one call while it is written: the leader adds to it, any number of readers follow from its beginning at their own pace.</summary>
/// <remarks>
/// Thread-safe. The leader never waits for a reader. An answer that is larger than may be kept is let go behind its readers, and a reader that then
/// falls too far behind is cut off: bytes in memory exceed what was reserved by little.
/// </remarks>
internal sealed class Recording(Recordings owner, string key, string fingerprint, int bytesMax, Audience audience)
{
    /// <summary>What one piece takes besides its bytes: two objects and an array's head.</summary>
    private const int PieceOverheadBytes = 96;

    /// <summary>How far a reader may always be behind, however little was reserved: some hundred events.</summary>
    private const int BehindBytesMin = 64 * 1024;

    private readonly Lock gate = new();
    private readonly List<RecordingReader> readers = [];
    private volatile RecordingEnd end;
    private TaskCompletionSource? changed;
    private long reservedBytes;
    private bool isLeading = true;

    /// <summary>Before the first piece; null once the answer is too large to be kept: nobody can begin any more.</summary>
    private RecordedPiece? start = new(default);

    private RecordedPiece? last;

    public string Key => key;

    public string Fingerprint => fingerprint;

    /// <summary>Who listens: the leader's client and the readers that follow live.</summary>
    public Audience Audience => audience;

    /// <summary>Null until the answer began.</summary>
    public RecordedHead? Head { get; private set; }

    public RecordingEnd End => end;

    /// <summary>What the grain says of an answer that is made elsewhere; null: ask it again.</summary>
    public ClaimReply? Verdict { get; private set; }

    /// <summary>Body bytes recorded so far.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>Begins to read from the beginning; null when that is not kept any more.</summary>
    public RecordingReader? TryJoin()
    {
        lock (gate)
        {
            if (start is null)
            {
                return null;
            }

            var reader = new RecordingReader(this, start);
            readers.Add(reader);
            return reader;
        }
    }

    public void Begin(RecordedHead head)
    {
        lock (gate)
        {
            Head ??= head;
            Signal();
        }
    }

    /// <summary>Adds a piece of the body.</summary>
    /// <param name="piece">Kept as it is: the caller must not change it any more.</param>
    public void Append(ReadOnlyMemory<byte> piece)
    {
        lock (gate)
        {
            if (end != RecordingEnd.Open)
            {
                return;
            }

            CutOffLate();
            Reserve(piece.Length);
            var next = new RecordedPiece(piece);
            (last ?? start)?.Follow(next);
            last = start is null && readers.Count == 0 ? null : next;
            BodyBytes += piece.Length;
            Signal();
        }
    }

    /// <summary>Ends it; the first end counts.</summary>
    public void Close(RecordingEnd how)
    {
        lock (gate)
        {
            if (end == RecordingEnd.Open)
            {
                end = how;
                Signal();
            }
        }
    }

    /// <summary>Says that the answer is not made here.</summary>
    public void Withdraw(ClaimReply? verdict)
    {
        lock (gate)
        {
            Verdict = verdict;
        }

        Close(RecordingEnd.Elsewhere);
        Release();
    }

    /// <summary>The whole answer; null when it is not whole, or too large to be kept.</summary>
    public KeptAnswer? ToKept()
    {
        lock (gate)
        {
            if (end != RecordingEnd.Whole || start is null || Head is null)
            {
                return null;
            }

            byte[] body = new byte[BodyBytes];
            int length = 0;
            for (RecordedPiece? piece = start.Next; piece is not null; piece = piece.Next)
            {
                piece.Bytes.CopyTo(body.AsMemory(length));
                length += piece.Bytes.Length;
            }

            return new KeptAnswer(Head.Status, Head.ContentType, Head.Headers, body);
        }
    }

    /// <summary>The leader needs it no more; its memory is given back when the last reader has left.</summary>
    public void Release()
    {
        lock (gate)
        {
            isLeading = false;
            GiveBackIfUnused();
        }
    }

    /// <summary>Completes at the next change.</summary>
    internal Task NextChange()
    {
        lock (gate)
        {
            changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return changed.Task;
        }
    }

    internal void Leave(RecordingReader reader)
    {
        lock (gate)
        {
            readers.Remove(reader);
            GiveBackIfUnused();
        }
    }

    /// <summary>Readers of an answer that is let go keep all that they have not read: no more than what was reserved, or a little.</summary>
    private void CutOffLate()
    {
        if (start is null)
        {
            foreach (RecordingReader reader in readers)
            {
                reader.IsCutOff |= BodyBytes - reader.BytesRead > Math.Max(reservedBytes, BehindBytesMin);
            }
        }
    }

    private void Reserve(int bytes)
    {
        if (start is null)
        {
            return;
        }

        if (BodyBytes + bytes <= bytesMax && owner.TryReserve(bytes + PieceOverheadBytes))
        {
            reservedBytes += bytes + PieceOverheadBytes;
            return;
        }

        // From here on only the readers keep the pieces they have not read.
        last ??= start;
        start = null;
        GiveBackIfUnused();
    }

    private void GiveBackIfUnused()
    {
        if (readers.Count == 0 && (!isLeading || start is null))
        {
            owner.GiveBack(reservedBytes);
            reservedBytes = 0;
        }
    }

    private void Signal()
    {
        changed?.TrySetResult();
        changed = null;
    }
}

/// <summary>One piece of a recorded body; knows the next, so that what everybody has read is let go by itself.</summary>
internal sealed class RecordedPiece(ReadOnlyMemory<byte> bytes)
{
    private volatile RecordedPiece? next;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public RecordedPiece? Next => next;

    public void Follow(RecordedPiece piece) => next = piece;
}
