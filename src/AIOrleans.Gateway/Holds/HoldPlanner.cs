using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;

namespace AIOrleans.Gateway.Holds;

/// <summary>How much one request holds.</summary>
/// <param name="ExpectedInputTokens">What an attempt that told nothing is charged for reading.</param>
internal readonly record struct HoldPlan(HoldSize Worst, HoldSize Expected, long ExpectedInputTokens);

/// <summary>Sizes holds: the worst case from the body and the model's bounds, the expected case from what calls of the same key and model used before.</summary>
internal sealed class HoldPlanner(Estimators estimators)
{
    public HoldPlan PlanOf(Caller caller, ModelConfig model, ModelPrices prices, CallFacts request)
    {
        CallShape shape = request.ToShape();
        var bounds = new ModelBounds(model.ContextTokensMax, model.OutputTokensMax, prices, model.AudioSecondsMax);
        UsageEstimator estimator = estimators.Of(caller.KeyId, model.Name);
        lock (estimator)
        {
            HoldSizes sizes = HoldSizing.Of(shape, bounds, estimator);
            long input = (long)Int128.Min(estimator.InputTokens(request.InputBytes), (Int128)model.ContextTokensMax * Math.Max(request.Inputs, 1));
            return new HoldPlan(sizes.Worst, sizes.Expected, input);
        }
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
}
