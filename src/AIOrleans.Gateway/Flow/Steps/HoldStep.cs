using System.Collections.Immutable;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Holds;
using AIOrleans.Gateway.Telemetry;
using AIOrleans.Protocols.Calls;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 5: holds the worst case on every account of the path, all or nothing, durable before any provider is called.</summary>
internal sealed class HoldStep(
    RequestWorker worker, HoldPlanner planner, LiveHolds live, SettlementTracker settlements, LineWait line, InFlight inFlight, StoreRefusals refusals,
    LiveMetrics metrics, Permissions permissions, HotAccounts hot)
{
    /// <summary>Asks of one call: each waits for settlements of calls that have ended, and those of one path end together.</summary>
    private const int TriesMax = 3;

    /// <summary>The call has waited already for an account to live elsewhere: that cannot take much longer.</summary>
    private static readonly TimeSpan UnreachableRetryAfter = TimeSpan.FromSeconds(1);

    public async ValueTask<Denial?> RunAsync(Exchange exchange)
    {
        CallFacts request = exchange.Request;
        ModelConfig model = exchange.Model;
        ImmutableArray<AccountId> path = exchange.Caller.PathFor(model.Name);
        HoldPlan plan = exchange.Plan = planner.PlanOf(exchange.Caller, model, exchange.Prices, request, ModelFamilies.Of(model, exchange.Directory));
        var command = new HoldCommand
        {
            Id = exchange.Id,
            Path = path,
            Operation = exchange.Route.Operation,
            Worst = plan.Worst,
            Expected = plan.Expected,
            Attribution = exchange.Caller.AttributionFor(model.Name),
            Line = exchange.QueueWait is { } wait ? new LineAsk(TimeSpan.Zero, wait) : null,
        };

        hot.Note(path);
        HoldReply reply;
        TimeSpan begunAfter = exchange.Elapsed;
        try
        {
            reply = await AskAsync(exchange, command);
            reply = reply.Denied is { Line.IsWaiting: true }
                ? await WaitAsync(exchange, command, reply)
                : await AskPastEndedCallsAsync(exchange, command, reply);
        }
        catch (OperationCanceledException) when (inFlight.Stopping.IsCancellationRequested && !exchange.Http.RequestAborted.IsCancellationRequested)
        {
            return new Denial.Overloaded(TimeSpan.FromSeconds(1));
        }
        finally
        {
            exchange.HoldTook = exchange.Elapsed - begunAfter - exchange.QueuedFor;
        }

        if (reply.Unreachable is { } account)
        {
            return new Denial.AccountUnreachable(account, UnreachableRetryAfter);
        }

        exchange.Headroom = reply.Headroom;
        if (reply.Denied is { } facts)
        {
            return new Denial.LimitReached(facts);
        }

        refusals.LetThrough();
        exchange.Held = command;
        live.Add(command.Id, path, reply.LeaseUntil);
        if (exchange.QueuedFor > TimeSpan.Zero)
        {
            // Its turn may come just when it leaves. Then nobody wants the answer: Settle gives the hold back and no provider is called.
            exchange.Http.RequestAborted.ThrowIfCancellationRequested();
        }

        // What is held is given back by Settle.
        return permissions.RefusalSince(exchange, path);
    }

    private async Task<HoldReply> WaitAsync(Exchange exchange, HoldCommand command, HoldReply reply)
    {
        metrics.WaitBegan();
        try
        {
            return await line.WaitAsync(exchange, command, reply, again => AskAsync(exchange, again));
        }
        finally
        {
            metrics.WaitEnded();
        }
    }

    /// <summary>Asks again while only calls that have ended already keep this one out. Those that wait in line are not overtaken.</summary>
    private async Task<HoldReply> AskPastEndedCallsAsync(Exchange exchange, HoldCommand command, HoldReply reply)
    {
        for (int tries = 1; tries < TriesMax && reply.Denied is { IsHeldBack: true, Line: null } held && await settlements.TryAwaitEndingAsync(held.Account); tries++)
        {
            reply = await AskAsync(exchange, command);
        }

        return reply;
    }

    private async Task<HoldReply> AskAsync(Exchange exchange, HoldCommand command)
    {
        try
        {
            return await worker.HoldAsync(command);
        }
        catch (Exception exception) when (exception is not (StoreUnavailableException or ForeignTenantException))
        {
            // Whether it holds is unknown: settling it as nothing gives back whatever there is. (An unreachable store has been dealt with already, and
            // for another tenant nothing was done.)
            exchange.Held = command;
            throw;
        }
    }
}
