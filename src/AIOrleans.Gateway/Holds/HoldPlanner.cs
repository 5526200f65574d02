using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Gateway.Holds;

/// <summary>How much one request holds.</summary>
/// <param name="ExpectedInputTokens">What an attempt that told nothing is charged for reading.</param>
internal readonly record struct HoldPlan(HoldSize Worst, HoldSize Expected, long ExpectedInputTokens);

/// <summary>Sizes holds: the worst case from the body and the model's bounds, the expected case from what calls of the same key and model used before.</summary>
internal sealed class HoldPlanner(Estimators estimators)
{
    /// <summary>Longest body that is read once more for a first guess: a fifth of a millisecond.</summary>
    private const int EstimatedBytesMax = 32 * 1024;

    /// <param name="family">Of the model that will probably be called: until calls have been seen, the input is estimated from its texts.</param>
    public HoldPlan PlanOf(Caller caller, ModelConfig model, ModelPrices prices, CallFacts request, TokenFamily family)
    {
        CallShape shape = request.ToShape();
        var bounds = new ModelBounds(model.ContextTokensMax, model.OutputTokensMax, prices, model.AudioSecondsMax);
        UsageEstimator estimator = estimators.Of(caller.KeyId, model.Name);
        long? firstGuess = FirstGuessOf(estimator, request, family);
        lock (estimator)
        {
            long likely = firstGuess ?? estimator.InputTokens(request.InputBytes);
            long input = (long)Int128.Min(likely, (Int128)model.ContextTokensMax * Math.Max(request.Inputs, 1));
            HoldSizes sizes = HoldSizing.Of(shape, bounds, estimator, input);
            return new HoldPlan(sizes.Worst, sizes.Expected, input);
        }
    }

    /// <summary>What the input of a call comes to: as learned once several calls of the key and model were seen, else as its texts are estimated.</summary>
    public long CountOf(Caller caller, ModelConfig model, CallFacts request, TokenFamily family)
    {
        UsageEstimator estimator = estimators.Of(caller.KeyId, model.Name);
        lock (estimator)
        {
            if (estimator.IsInputSettled)
            {
                return estimator.InputTokens(request.InputBytes);
            }
        }

        return CallTokens.Estimate(request, family);
    }

    /// <summary>Learns from a call whose usage the provider told.</summary>
    public void Learn(Caller caller, ModelConfig model, CallFacts request, TokenUsage told)
    {
        UsageEstimator estimator = estimators.Of(caller.KeyId, model.Name);
        lock (estimator)
        {
            // What is learned is the length of one answer; the plan asks for as many as the call does.
            long answers = Math.Clamp(request.N, 1, HoldSizing.ChoicesMax);
            estimator.Observe(request.InputBytes, told.TotalInput, (told.TotalOutput + answers - 1) / answers);
        }
    }

    /// <summary>Null where calls have been seen, where the body is long, or where it holds what has no text: then the bytes say more.</summary>
    /// <remarks>Not under the lock: reading a body takes longer than everything else that is done with an estimator.</remarks>
    private static long? FirstGuessOf(UsageEstimator estimator, CallFacts request, TokenFamily family)
    {
        lock (estimator)
        {
            if (estimator.HasSeenInput)
            {
                return null;
            }
        }

        return request.Body.Length <= EstimatedBytesMax && !request.ReadsMore && !request.Format.IsMedia() ? CallTokens.Estimate(request, family) : null;
    }
}
