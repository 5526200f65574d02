using AIOrleans.Core.Money;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.OpenAi.Files;

namespace AIOrleans.Gateway.Objects;

/// <summary>Adds up what the calls of a batch used, each at the batch's price.</summary>
/// <param name="price">Null: it costs nothing.</param>
internal sealed class BatchBill(BatchWork work, ModelPrice? price)
{
    private NanoUsd ofCalls = NanoUsd.Zero;

    /// <summary>Calls that were answered.</summary>
    public int Calls { get; private set; }

    public TokenUsage Usage { get; private set; }

    /// <summary>True when some answer did not tell what it used, and was counted.</summary>
    public bool IsEstimate { get; private set; }

    /// <summary>
    /// What it costs: the sum of its tokens at their price, rounded once. Long prompts have prices of their own, and a sum of short ones is no long one: then it is
    /// the sum of the calls' own costs.
    /// </summary>
    public NanoUsd Cost => CostOfSum < ofCalls ? CostOfSum : ofCalls;

    /// <summary>Set where the sum of the tokens would cost more than the calls do: what recomputing the bill is cut to.</summary>
    public NanoUsd? CostMax => Cost < CostOfSum ? Cost : null;

    private NanoUsd CostOfSum => price?.CostOf(Usage, ServiceTier.Batch) ?? NanoUsd.Zero;

    public void Add(in BatchOutcome outcome)
    {
        if (!outcome.IsAnswered)
        {
            return;
        }

        Calls++;
        IsEstimate |= outcome.Usage is null;

        // What a call read that does not tell it is not known: the share of the worst case is surely not less than it was on average.
        TokenUsage used = outcome.Usage ?? new TokenUsage { UncachedInput = (work.InputTokens + work.Calls - 1) / work.Calls, Output = outcome.OutputTokens };
        ofCalls += price?.CostOf(used, ServiceTier.Batch) ?? NanoUsd.Zero;
        Usage = Sum(Usage, used);
    }

    private static TokenUsage Sum(in TokenUsage left, in TokenUsage right) => checked(new TokenUsage
    {
        UncachedInput = left.UncachedInput + right.UncachedInput,
        CacheRead = left.CacheRead + right.CacheRead,
        CacheWrite5m = left.CacheWrite5m + right.CacheWrite5m,
        CacheWrite1h = left.CacheWrite1h + right.CacheWrite1h,
        Output = left.Output + right.Output,
        Reasoning = left.Reasoning + right.Reasoning,
        AudioInput = left.AudioInput + right.AudioInput,
        AudioOutput = left.AudioOutput + right.AudioOutput,
        ImageInput = left.ImageInput + right.ImageInput,
        ImageOutput = left.ImageOutput + right.ImageOutput,
    });
}
