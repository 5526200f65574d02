using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>The frames of one generation: on disk from <paramref name="start"/> on, so that they stay, and in memory, so that they can be applied. Not thread-safe.</summary>
internal sealed class LogHalf(LogFile file, int start)
{
    /// <summary>The frames, and the one that is being written.</summary>
    public LogWriter Image { get; } = new();

    public long Generation { get; set; }

    public int FrameCount { get; private set; }

    public int WorkCount { get; private set; }

    /// <summary>Settled by these frames.</summary>
    public HashSet<HoldId> Settled { get; } = [];

    /// <summary>Takes the frames of <paramref name="generation"/> that are on disk, up to the first damaged one.</summary>
    /// <param name="content">Of the whole file.</param>
    /// <returns>False when there is none.</returns>
    public bool TryRead(ReadOnlySpan<byte> content, long generation)
    {
        ReadOnlySpan<byte> own = content.Slice(start, LogFile.HalfBytes);
        var frames = new FrameReader(own, generation);
        while (frames.TryRead(out _))
        {
        }

        Image.Fill(own[..frames.Length]);
        FrameCount = frames.Count;
        WorkCount = frames.Count;
        Generation = generation;
        return frames.Count > 0;
    }

    /// <summary>Writes what <see cref="Image"/> has from <paramref name="begin"/> on, as one frame.</summary>
    /// <returns>False when it does not fit.</returns>
    /// <exception cref="IOException">It may be on disk or not.</exception>
    public bool TryWrite(int begin, int works)
    {
        if (Image.Length > LogFile.HalfBytes)
        {
            return false;
        }

        Span<byte> frame = Image.Written[begin..];
        LogFrame.Seal(frame, Generation, FrameCount);
        file.Write(frame, start + begin);
        FrameCount++;
        WorkCount += works;
        return true;
    }

    /// <summary>Forgets everything; frames to come are of <paramref name="generation"/>.</summary>
    public void Begin(long generation)
    {
        Image.CutTo(0);
        Settled.Clear();
        FrameCount = 0;
        WorkCount = 0;
        Generation = generation;
    }
}
