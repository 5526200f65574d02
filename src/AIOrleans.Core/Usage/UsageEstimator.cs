namespace AIOrleans.Core.Usage;

/// <summary>Learns what calls of one key to one model usually use: input tokens per byte, and how long answers get.</summary>
/// <remarks>
/// About 250 bytes, allocated on the first observation; whoever keeps estimators bounds their number. Before it has seen anything
/// it guesses: four bytes of body per token (what English text and JSON come to in common tokenizers) where the caller knows no better, and
/// <see cref="FirstOutputTokens"/> of output.
/// Guesses only size <c>expected</c> quotas and rates; strict quotas hold the worst case. Not thread-safe.
/// </remarks>
public sealed class UsageEstimator
{
    /// <summary>Guess of an answer's length until one was seen: a few paragraphs.</summary>
    public const long FirstOutputTokens = 500;

    /// <summary>Share of answers that should be no longer than the estimate.</summary>
    public const double OutputQuantile = 0.95;

    /// <summary>Calls after which what was learned is taken for better than an estimate of the very text.</summary>
    private const int SettledObservations = 5;

    private const double FirstTokensPerByte = 0.25;

    // Each observation weighs a tenth: a change of prompts is followed within some twenty calls.
    private const double InputWeight = 0.1;

    // Four buckets per doubling (at most 19 % above the truth), up to 2^24 tokens.
    private const int BucketsPerDoubling = 4;
    private const int BucketCount = (24 * BucketsPerDoubling) + 1;

    // Counts are halved when their sum reaches this: old answers fade, and about the last thousand decide.
    private const int ObservationsMax = 1024;

    private ushort[]? outputCounts;
    private int outputSum;
    private int inputsSeen;
    private double tokensPerByte = FirstTokensPerByte;

    /// <summary>True once <see cref="InputTokens"/> comes from calls, be it one.</summary>
    public bool HasSeenInput => inputsSeen > 0;

    /// <summary>True once enough calls were seen to rely on.</summary>
    public bool IsInputSettled => inputsSeen >= SettledObservations;

    /// <summary>Learns from one settled call.</summary>
    /// <param name="inputBytes">The same measure that <see cref="InputTokens"/> will be asked with.</param>
    public void Observe(long inputBytes, long inputTokens, long outputTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        if (inputBytes > 0)
        {
            double seen = (double)inputTokens / inputBytes;
            tokensPerByte = inputsSeen == 0 ? seen : tokensPerByte + (InputWeight * (seen - tokensPerByte));
            inputsSeen = Math.Min(inputsSeen + 1, SettledObservations);
        }

        outputCounts ??= new ushort[BucketCount];
        outputCounts[BucketOf(outputTokens)]++;
        if (++outputSum >= ObservationsMax)
        {
            outputSum = Fade(outputCounts);
        }
    }

    /// <summary>Tokens that an input of <paramref name="inputBytes"/> will probably be; at least 1.</summary>
    public long InputTokens(long inputBytes) => Math.Max(1, (long)Math.Min(Math.Ceiling(inputBytes * tokensPerByte), long.MaxValue / 4));

    /// <summary>Tokens that the answer will exceed once in twenty calls; at least 1.</summary>
    public long OutputTokens()
    {
        if (outputCounts is null)
        {
            return FirstOutputTokens;
        }

        int rank = (int)Math.Ceiling(outputSum * OutputQuantile);
        int bucket = 0;
        for (int seen = outputCounts[0]; seen < rank; seen += outputCounts[bucket])
        {
            bucket++;
        }

        return UpperEdgeOf(bucket);
    }

    private static int BucketOf(long tokens) => tokens <= 1 ? 0 : Math.Min((int)Math.Ceiling(Math.Log2(tokens) * BucketsPerDoubling), BucketCount - 1);

    private static long UpperEdgeOf(int bucket) => (long)Math.Ceiling(Math.Pow(2, (double)bucket / BucketsPerDoubling));

    private static int Fade(ushort[] counts)
    {
        int sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] /= 2;
            sum += counts[i];
        }

        return sum;
    }
}
