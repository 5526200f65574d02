using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Gateway.Flow;
using AIOrleans.Protocols.Chat;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Holds;

/// <summary>Compares what a running stream has used with what is held for it, and has the hold raised, step by step, when it is outgrown.</summary>
/// <remarks>
/// The stream runs on while it is asked, but no further than was asked for. So it never uses more than what was granted and one step.
/// Not thread-safe: the relay owns it.
/// </remarks>
internal sealed class CutOffGuard
{
    /// <summary>Least tokens of one step: asking for less would cost more than it saves, and a stream that is cut off leaves less than this of its budget.</summary>
    internal const long StepTokensMin = 64;

    private readonly HoldGrowth growth;
    private readonly Exchange exchange;
    private readonly ILogger logger;

    /// <summary>What the hold has besides this attempt: earlier ones that may be billed.</summary>
    private readonly HoldSize others;

    /// <summary>Tokens of this attempt that are granted, input included.</summary>
    private long tokensHeld;

    /// <summary>The stream is looked at only beyond this.</summary>
    private long outputTokensMax;

    private Task<ExtendReply>? asked;
    private long askedTokens;

    public CutOffGuard(HoldGrowth growth, Exchange exchange, ILogger logger)
    {
        this.growth = growth;
        this.exchange = exchange;
        this.logger = logger;
        HoldSize held = exchange.Held!.Expected; // ! Step 5 came before.
        HoldSize planned = exchange.Plan.Expected;
        others = new HoldSize(held.Tokens - planned.Tokens, new NanoUsd(held.Cost.Value - planned.Cost.Value));
        Grant(planned.Tokens);
    }

    /// <summary>One comparison, unless the stream has outgrown what is held.</summary>
    /// <returns>The limit that has no room for more; null to go on.</returns>
    public ValueTask<LimitFacts?> FindRefusalAsync(IStreamMeter meter) =>
        meter.OutputTokens <= outputTokensMax && ((meter.Usage ?? meter.InputTold) is not { } told || told.Total <= tokensHeld)
            ? default
            : new ValueTask<LimitFacts?>(OutgrownAsync(meter));

    private async Task<LimitFacts?> OutgrownAsync(IStreamMeter meter)
    {
        // The answer is complete: what is left of the stream costs nothing.
        if (meter.FinishReason is not null && exchange.Request.N <= 1)
        {
            return null;
        }

        long used = UsedTokens(meter);
        if (asked is null)
        {
            Ask(Math.Max(used, tokensHeld), StepOf(tokensHeld));
            return null;
        }

        if (!asked.IsCompleted && used <= askedTokens)
        {
            return null;
        }

        ExtendReply reply = await asked;
        long step = askedTokens - tokensHeld;
        while (reply.Denied is { } facts)
        {
            // Near the end of the budget the rest is found by halving, while the stream waits: it has had its step.
            step /= 2;
            if (step < StepTokensMin)
            {
                return facts;
            }

            Ask(Math.Max(used, tokensHeld), step);
            reply = await asked;
        }

        Apply(reply);
        return null;
    }

    private void Apply(ExtendReply reply)
    {
        asked = null;
        if (reply.Unavailable is { } reason)
        {
            // Nobody says that there is no room. The hold stays, the stream goes on, and the next step asks for this one too.
            HoldLog.StreamNotExtended(logger, exchange.Id.ToString(), reason);
        }

        Grant(askedTokens);
    }

    private void Grant(long tokens)
    {
        tokensHeld = tokens;
        outputTokensMax = tokens >= exchange.Plan.Worst.Tokens ? long.MaxValue : Math.Max(0, tokens - exchange.Plan.ExpectedInputTokens);
    }

    private void Ask(long from, long step)
    {
        askedTokens = Math.Min(from + step, exchange.Plan.Worst.Tokens);
        HoldCommand held = exchange.Held!; // ! Step 5 came before.
        HoldSize mine = SizeOf(askedTokens);
        var expected = new HoldSize(others.Tokens + mine.Tokens, others.Cost + mine.Cost);
        asked = growth.ExtendAsync(held, new HoldSizes(held.Worst, expected), ExtendReason.Stream);
    }

    /// <summary>What so many tokens of this attempt cost at most, within its worst case.</summary>
    private HoldSize SizeOf(long tokens)
    {
        HoldPlan plan = exchange.Plan;
        long output = Math.Max(0, tokens - plan.ExpectedInputTokens);
        CallShape shape = exchange.Request.ToShape();
        NanoUsd cost = exchange.Prices.WorstCostOf(plan.ExpectedInputTokens, output, shape.LikelyUnits with { Images = shape.Images }, shape.Service);
        return new HoldSize(tokens, cost < plan.Worst.Cost ? cost : plan.Worst.Cost);
    }

    /// <summary>What the provider has told so far, or else what has passed: as it is settled.</summary>
    private long UsedTokens(IStreamMeter meter) =>
        Math.Max((meter.Usage ?? meter.InputTold)?.Total ?? 0, exchange.Plan.ExpectedInputTokens + meter.OutputTokens);

    private static long StepOf(long tokensHeld) => Math.Max(tokensHeld / 2, StepTokensMin);
}
