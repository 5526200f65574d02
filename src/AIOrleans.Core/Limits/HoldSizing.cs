using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Limits;

/// <summary>What is known of a call before it is made.</summary>
/// <param name="InputBytes">Upper bound of the UTF-8 bytes that the provider reads as text: the body as received is one.</param>
/// <param name="Images">Images among the input, inline or by address.</param>
/// <param name="ReadsMore">
/// True when the provider reads input that the body only refers to: files by id or address, an earlier response, results of server-side tools.
/// Nothing but the context then bounds the input.
/// </param>
/// <param name="OutputTokensRequested">Bound that the client set for one answer; null: none.</param>
/// <param name="Choices">Answers asked for (<c>n</c>); at least 1.</param>
/// <param name="Service">Service tier that the client asked for; null: it left the choice to the provider.</param>
/// <param name="Inputs">Inputs that the model reads one by one, each with a context of its own; at least 1, more for lists of prompts and documents only.</param>
/// <param name="Units">Most that the call is counted by the piece, images read apart.</param>
/// <param name="LikelyUnits">The same as it will probably be.</param>
public readonly record struct CallShape(
    long InputBytes, int Images, bool ReadsMore, long? OutputTokensRequested, int Choices, ServiceTier? Service = null, int Inputs = 1,
    UsageUnits Units = default, UsageUnits LikelyUnits = default);

/// <summary>What bounds a call of one model.</summary>
/// <param name="Prices">Of its deployments: the dearest is held.</param>
/// <param name="AudioSecondsMax">Longest audio that it hears in one call; null: only the file bounds it.</param>
public sealed record ModelBounds(long ContextTokensMax, long OutputTokensMax, ModelPrices Prices, long? AudioSecondsMax = null);

/// <summary>The sizes that a hold reserves.</summary>
public readonly record struct HoldSizes(HoldSize Worst, HoldSize Expected)
{
    /// <summary>The larger of both in every number.</summary>
    public HoldSizes Or(HoldSizes other) => new(Larger(Worst, other.Worst), Larger(Expected, other.Expected));

    internal void ThrowIfAbsurd()
    {
        Expected.ThrowIfNegative();
        if (Expected.Tokens > Worst.Tokens || Expected.Cost > Worst.Cost)
        {
            throw new ArgumentException("More is expected than the worst case.");
        }
    }

    private static HoldSize Larger(HoldSize left, HoldSize right) =>
        new(Math.Max(left.Tokens, right.Tokens), left.Cost.Value >= right.Cost.Value ? left.Cost : right.Cost);
}

/// <summary>Computes how much to hold for a call: what it can use at most, and what it will probably use.</summary>
public static class HoldSizing
{
    /// <summary>
    /// Most input tokens of one image. High-detail tiles come to 1 445 at 2048 x 2048 (OpenAI: 85 + 170 per tile), 1 600 (Anthropic: width * height / 750,
    /// scaled down to 1.15 megapixels) and 258 per tile (Gemini); OpenAI's multiplier for small models reaches 48 169
    /// (gpt-4o-mini: 2 833 + 5 667 per tile, 8 tiles).
    /// </summary>
    public const long TokensPerImageMax = 48_169;

    /// <summary>Tokens that a provider adds to a call by itself: roles, separators, the preamble that announces tools (Anthropic: up to 530).</summary>
    public const long OverheadTokens = 1_000;

    /// <summary>Most answers of one call that any provider makes; more is held as this many, and refused upstream.</summary>
    public const int ChoicesMax = 128;

    private const long MillisecondsPerSecond = 1_000;

    /// <summary>The most tokens that a call can read, and that it can write.</summary>
    public static (long Input, long Output) BoundsOf(in CallShape call, ModelBounds model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(call.InputBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(call.Images);
        ArgumentOutOfRangeException.ThrowIfNegative(call.OutputTokensRequested ?? 0);

        // A byte is never more than one token: tokenizers with byte fallback start from single bytes and only ever merge them.
        // Providers refuse an input that exceeds the context, so nothing above it can be charged; each input of a list has a context of its own.
        Int128 inputBound = call.ReadsMore ? Int128.MaxValue : (Int128)call.InputBytes + ((Int128)call.Images * TokensPerImageMax) + OverheadTokens;
        Int128 contexts = Int128.Min((Int128)Math.Max(model.ContextTokensMax, 1) * Math.Max(call.Inputs, 1), long.MaxValue);
        return ((long)Int128.Clamp(inputBound, 1, contexts), checked(AnswerMax(call, model) * Math.Clamp(call.Choices, 1, ChoicesMax)));
    }

    /// <summary>Sizes a call. Never under one token; the expected size is never above the worst.</summary>
    /// <param name="likelyInputTokens">What the input probably comes to, as the caller estimates it; null: as <paramref name="estimator"/> has learned.</param>
    public static HoldSizes Of(in CallShape call, ModelBounds model, UsageEstimator? estimator, long? likelyInputTokens = null)
    {
        (long worstInput, long worstOutput) = BoundsOf(call, model);
        long likelyInput = likelyInputTokens ?? estimator?.InputTokens(call.InputBytes) ?? Math.Max(1, call.InputBytes / 4);
        long expectedInput = Math.Min(likelyInput, worstInput);
        long likelyOutput = estimator?.OutputTokens() ?? UsageEstimator.FirstOutputTokens;
        long expectedOutput = Math.Min(likelyOutput, AnswerMax(call, model)) * Math.Clamp(call.Choices, 1, ChoicesMax);

        UsageUnits worstUnits = UnitsOf(call.Units, call, model);
        UsageUnits expectedUnits = Least(UnitsOf(call.LikelyUnits, call, model), worstUnits);
        return new HoldSizes(
            SizeOf(worstInput, worstOutput, worstUnits, call, model.Prices), SizeOf(expectedInput, expectedOutput, expectedUnits, call, model.Prices));
    }

    /// <summary>Most tokens of one answer.</summary>
    private static long AnswerMax(in CallShape call, ModelBounds model) =>
        Math.Max(Math.Min(call.OutputTokensRequested ?? model.OutputTokensMax, model.OutputTokensMax), 0);

    /// <summary>What is counted by the piece, within what the model takes.</summary>
    private static UsageUnits UnitsOf(UsageUnits units, in CallShape call, ModelBounds model)
    {
        units.ThrowIfNegative();
        long audioMax = model.AudioSecondsMax is { } seconds ? checked(seconds * MillisecondsPerSecond) : long.MaxValue;
        return units with { Images = call.Images, AudioMilliseconds = Math.Min(units.AudioMilliseconds, audioMax) };
    }

    private static UsageUnits Least(in UsageUnits likely, in UsageUnits worst) => new()
    {
        Images = worst.Images,
        ImagesMade = Math.Min(likely.ImagesMade, worst.ImagesMade),
        AudioMilliseconds = Math.Min(likely.AudioMilliseconds, worst.AudioMilliseconds),
        Characters = Math.Min(likely.Characters, worst.Characters),
        SearchUnits = Math.Min(likely.SearchUnits, worst.SearchUnits),
    };

    // Expected costs are taken at the dearest price too: whether a cache will hit is not known, and the same prices on both keep expected below worst.
    private static HoldSize SizeOf(long inputTokens, long outputTokens, in UsageUnits units, in CallShape call, ModelPrices prices) =>
        new(checked(inputTokens + outputTokens), prices.WorstCostOf(inputTokens, outputTokens, units, call.Service));
}
