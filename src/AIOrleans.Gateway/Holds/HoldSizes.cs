using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.OpenAi;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Holds;

/// <summary>How much one request holds.</summary>
/// <param name="ExpectedInputTokens">The input part of <paramref name="Expected"/>: what an attempt that told nothing is charged for reading.</param>
internal readonly record struct HoldPlan(HoldSize Worst, HoldSize Expected, long ExpectedInputTokens);

/// <summary>Sizes holds: the worst case from the body and the model's bounds, the expected case from what was seen before.</summary>
internal sealed class HoldSizes(IOptions<GatewayOptions> options)
{
    public HoldPlan Of(Caller caller, ModelConfig model, ChatRequest request)
    {
        long input = Math.Min(request.InputBytes + ((long)request.ImageCount * options.Value.ImageTokensMax) + 16, model.ContextTokensMax);
        long output = Math.Min(request.MaxOutputTokens ?? model.OutputTokensMax, model.OutputTokensMax) * request.N;
        var worst = new HoldSize(input + output, model.Price?.WorstCostOf(input, output) ?? default);
        long expectedInput = Math.Min(input, (request.TextBytes / 4) + 1);
        long expectedOutput = Math.Min(output, 256);
        return new HoldPlan(worst, new HoldSize(expectedInput + expectedOutput, model.Price?.WorstCostOf(expectedInput, expectedOutput) ?? default), expectedInput);
    }

    public void Learn(Caller caller, ModelConfig model, ChatRequest request, TokenUsage told)
    {
    }
}
