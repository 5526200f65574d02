namespace AIOrleans.Core.Limits;

/// <summary>How many of the wished calls every limit can spare.</summary>
internal struct SliceShare
{
    /// <summary>All slices together have at most this part of a quota: what may be stranded in them near its end.</summary>
    public const int QuotaShare = 100;

    /// <summary>All slices together have at most this part of what is free, theirs included: they shrink as a limit comes near.</summary>
    public const int FreeShare = 8;

    private readonly int wished;

    public SliceShare(int wished)
    {
        this.wished = wished;
        Requests = wished;
    }

    /// <summary>Calls that can be spared so far.</summary>
    public int Requests { get; private set; }

    /// <summary>How much of a limit another slice may have.</summary>
    /// <param name="room">What is neither used nor held; negative by debt.</param>
    /// <param name="outstanding">What slices have of it.</param>
    /// <param name="max">Most that all slices may have.</param>
    public static long AllowanceOf(long room, long outstanding, long max = long.MaxValue) =>
        Math.Max(0, Math.Min(max, checked(room + outstanding) / FreeShare) - outstanding);

    /// <summary>Cuts the calls down to what <paramref name="allowance"/> has for them.</summary>
    /// <param name="asked">By all wished calls together.</param>
    public void Limit(long asked, long allowance)
    {
        if (asked > allowance)
        {
            Requests = Math.Min(Requests, (int)((Int128)wished * allowance / asked));
        }
    }

    /// <summary>The part of <paramref name="total"/> that belongs to the calls that can be spared.</summary>
    public readonly long PartOf(long total) => (long)((Int128)total * Requests / wished);
}
