using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Holds;

namespace AIOrleans.Gateway.Objects;

/// <summary>Holds for calls about objects: at least one request, and the worst case of a batch.</summary>
internal sealed class ObjectHolds(RequestWorker worker, LiveHolds live, SettlementTracker tracker, StoreRefusals refusals)
{
    private static readonly TimeSpan UnreachableRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Holds on every account of <paramref name="path"/>, or says which refused: exactly one of both is null.</summary>
    /// <param name="model">The alias; empty where no model is called.</param>
    public async Task<(ObjectHold? Hold, Denial? Denied)> TryHoldAsync(Exchange exchange, IReadOnlyList<AccountId> path, string model, HoldSize size)
    {
        var command = new HoldCommand
        {
            Id = exchange.Id,
            Path = [.. path],
            Operation = exchange.Route.Operation,
            Worst = size,
            Expected = size,
            Attribution = exchange.Caller.AttributionFor(model),
        };
        var hold = new ObjectHold(exchange, command, tracker);
        HoldReply reply;
        try
        {
            reply = await worker.HoldAsync(command);
        }
        catch (Exception exception) when (exception is not Core.Ports.StoreUnavailableException)
        {
            // Whether it holds is unknown: settling it as nothing gives back whatever there is.
            await hold.DisposeAsync();
            throw;
        }

        if (reply.Unreachable is { } account)
        {
            return (null, new Denial.AccountUnreachable(account, UnreachableRetryAfter));
        }

        exchange.Headroom = reply.Headroom;
        if (reply.Denied is { } facts)
        {
            return (null, new Denial.LimitReached(facts));
        }

        refusals.LetThrough();
        live.Add(command.Id, command.Path, reply.LeaseUntil);
        return (hold, null);
    }
}

/// <summary>What one call about an object holds. It is given back unless it is settled before it is disposed.</summary>
internal sealed class ObjectHold(Exchange exchange, HoldCommand command, SettlementTracker tracker) : IAsyncDisposable
{
    private UsageEvent? settled;

    public HoldId Id => command.Id;

    /// <summary>The call was made and costs nothing but its request.</summary>
    public void Settle(string provider, string providerModel) =>
        settled = EventOf(requests: 1) with { Provider = provider, ProviderModel = providerModel };

    /// <summary>Charges the worst case until it is known what was used: the keeper's own estimate of a hold, which the truth replaces.</summary>
    public void SettleEstimate() => settled = EventOf(requests: 1) with
    {
        Usage = new TokenUsage { UncachedInput = command.Worst.Tokens },
        Cost = command.Worst.Cost,
        Estimated = true,
    };

    public ValueTask DisposeAsync() => tracker.StartAsync(new SettleCommand(command.Id, [settled ?? EventOf(requests: 0)]));

    private UsageEvent EventOf(int requests) => new()
    {
        HoldId = command.Id,
        Attempt = 1,
        Path = command.Path,
        Attribution = command.Attribution,
        Operation = command.Operation,
        Requests = requests,
        Usage = default,
        Cost = NanoUsd.Zero,
        Estimated = false,
        Provider = "",
        ProviderModel = "",
        PriceVersion = "",
        Status = exchange.Status == 0 ? 200 : exchange.Status,
        FailedBy = exchange.FailedBy,
        Streamed = false,
        StartedAt = exchange.StartedAt,
        SettledAt = exchange.Now,
        DurationMicros = (long)exchange.Elapsed.TotalMicroseconds,
        FirstByteMicros = null,
    };
}
