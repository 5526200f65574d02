namespace AIOrleans.Chaos.Provider;

/// <summary>What goes wrong with one request.</summary>
internal enum ProviderFault
{
    None,
    ServerError,
    TooManyRequests,
    ResetBeforeFirstByte,
    ResetAfterFirstByte,
    StallBeforeFirstByte,
    StallAfterFirstByte,

    /// <summary>The answer ends cleanly in the middle.</summary>
    Truncated,

    /// <summary>The usage is told, the end mark is missing.</summary>
    TruncatedAfterUsage,
    NoUsage,

    /// <summary>More tokens than asked for: debt.</summary>
    TooMuchUsage,
    Slow,

    /// <summary>Longer than a lease, with no pause that would be a stall.</summary>
    OutlivesLease,
}

/// <summary>Everything random about one answer, drawn from the run's seed and the request's token: the same however requests interleave.</summary>
internal sealed class AnswerPlan
{
    private static readonly (ProviderFault Fault, int PerMille)[] Odds =
    [
        (ProviderFault.ServerError, 30), (ProviderFault.TooManyRequests, 25), (ProviderFault.ResetBeforeFirstByte, 20), (ProviderFault.ResetAfterFirstByte, 20),
        (ProviderFault.StallBeforeFirstByte, 6), (ProviderFault.StallAfterFirstByte, 8), (ProviderFault.Truncated, 15), (ProviderFault.TruncatedAfterUsage, 15),
        (ProviderFault.NoUsage, 30), (ProviderFault.TooMuchUsage, 8), (ProviderFault.Slow, 60), (ProviderFault.OutlivesLease, 8),
    ];

    private AnswerPlan(Random dice, ProviderFault fault)
    {
        Dice = dice;
        Fault = fault;
        FirstByteAfter = TimeSpan.FromMilliseconds(dice.Next(fault == ProviderFault.Slow ? 700 : 60));
        Chunks = fault switch
        {
            ProviderFault.Slow => dice.Next(5, 15),
            ProviderFault.OutlivesLease => dice.Next(18, 26),
            _ => dice.Next(2, 8),
        };
        Gap = TimeSpan.FromMilliseconds(fault switch
        {
            ProviderFault.Slow => dice.Next(20, 150),
            ProviderFault.OutlivesLease => 350,
            _ => dice.Next(0, 10),
        });
    }

    public ProviderFault Fault { get; }

    public TimeSpan FirstByteAfter { get; }

    /// <summary>Pieces of a stream.</summary>
    public int Chunks { get; }

    /// <summary>Pause before each piece.</summary>
    public TimeSpan Gap { get; }

    private Random Dice { get; }

    /// <param name="isCalm">No faults: what then goes wrong is not the provider's.</param>
    public static AnswerPlan Of(int seed, string token, string provider, bool isCalm)
    {
        var dice = new Random(HashOf($"{seed}/{token}/{provider}"));
        if (isCalm)
        {
            return new AnswerPlan(dice, ProviderFault.None);
        }

        int draw = dice.Next(1000);
        foreach ((ProviderFault fault, int perMille) in Odds)
        {
            draw -= perMille;
            if (draw < 0)
            {
                return new AnswerPlan(dice, fault);
            }
        }

        return new AnswerPlan(dice, ProviderFault.None);
    }

    /// <summary>Tokens within what the request allows, except for <see cref="ProviderFault.TooMuchUsage"/>.</summary>
    public ToldUsage NextUsage(int promptLength, int outputTokensMax)
    {
        // The gateway may hold some thousand tokens above the prompt for what providers add.
        int prompt = Fault == ProviderFault.TooMuchUsage ? promptLength + Dice.Next(2_000, 4_000) : Dice.Next(1, Math.Max(promptLength / 2, 2));
        int completion = Dice.Next(1, outputTokensMax + 1);
        return new ToldUsage(prompt, Dice.Next(prompt + 1), completion, Dice.Next(completion + 1));
    }

    /// <summary>FNV-1a: the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
    private static int HashOf(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)(hash & int.MaxValue);
    }
}
