using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Flow;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Gateway.Holds;

/// <summary>Raises the hold of a call in flight: before another attempt that adds to what may be billed, or while a stream outgrows it.</summary>
internal sealed class HoldGrowth(IGrainFactory grains)
{
    /// <summary>Makes room for one more attempt beside those that may be billed already.</summary>
    /// <returns>Null when there is room, or was already; otherwise why there is none, for the log.</returns>
    public async Task<string?> TryAddAttemptAsync(Exchange exchange)
    {
        HoldCommand held = exchange.Held!; // ! Step 5 came before.
        int attempts = exchange.Attempts.Count(attempt => attempt.IsBilled) + 1;
        HoldPlan plan = exchange.Plan;
        var current = new HoldSizes(held.Worst, held.Expected);
        var total = new HoldSizes(Times(plan.Worst, attempts), Times(plan.Expected, attempts));
        if (current.Or(total) == current)
        {
            return null;
        }

        ExtendReply reply = await ExtendAsync(held, total, ExtendReason.Attempt);
        if (reply.IsExtended)
        {
            exchange.Held = held with { Worst = total.Worst, Expected = total.Expected };
            return null;
        }

        return reply.Denied is { } facts ? $"{facts.Account} {facts.Limit}" : reply.Unavailable;
    }

    /// <summary>Raises <paramref name="held"/> to <paramref name="total"/>; never throws for what is only out of reach.</summary>
    public async Task<ExtendReply> ExtendAsync(HoldCommand held, HoldSizes total, ExtendReason reason)
    {
        try
        {
            return await grains.GetGrain<IRequestGrain>(0).ExtendAsync(new ExtendCommand
            {
                Id = held.Id, Path = held.Path, Worst = total.Worst, Expected = total.Expected, Reason = reason,
            });
        }
        catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException or OrleansException)
        {
            // Whatever was granted ends with the call.
            return new ExtendReply { Unavailable = exception.Message };
        }
    }

    private static HoldSize Times(HoldSize size, int count) => new(checked(size.Tokens * count), new NanoUsd(checked(size.Cost.Value * count)));
}
