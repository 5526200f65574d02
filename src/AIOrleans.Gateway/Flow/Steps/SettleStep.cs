using System.Collections.Immutable;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Gateway.Holds;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Gateway.Telemetry;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 9: charges what was used, gives the rest of the hold back, and lets the world know. Runs however the request ended.</summary>
internal sealed class SettleStep(SettlementTracker tracker, LeadKeeper leads, HoldPlanner planner, Pricing pricing, UsageMetrics metrics, TimeProvider time)
{
    public ValueTask RunAsync(Exchange exchange)
    {
        exchange.Upstream?.Dispose();
        leads.End(exchange);
        if (exchange.Held is not { } held)
        {
            return ValueTask.CompletedTask;
        }

        return tracker.StartAsync(new SettleCommand(held.Id, EventsOf(exchange, held)));
    }

    /// <summary>One event for each attempt that the provider bills; one that charges nothing when none does.</summary>
    private ImmutableArray<UsageEvent> EventsOf(Exchange exchange, HoldCommand held)
    {
        DateTimeOffset settledAt = time.GetUtcNow();
        AttemptRecord[] billed = [.. exchange.Attempts.Where(attempt => attempt.IsBilled)];
        if (billed.Length == 0)
        {
            return [EventOf(exchange, held, exchange.Attempts.LastOrDefault(), default, requests: 0, settledAt)];
        }

        var charges = new Charge[billed.Length];
        for (int i = 0; i < billed.Length; i++)
        {
            // Each attempt that may be billed has room of its own: the hold was raised before the next one was made.
            charges[i] = pricing.ChargeOf(exchange, billed[i], exchange.Plan.Worst);
            metrics.Charged(exchange, billed[i], charges[i]);
            if (billed[i].Usage is { Total: > 0 } told)
            {
                planner.Learn(exchange.Caller, exchange.Model, exchange.Request, told);
            }
        }

        return [.. billed.Select((attempt, i) => EventOf(exchange, held, attempt, charges[i], i == billed.Length - 1 ? 1 : 0, settledAt))];
    }

    private static UsageEvent EventOf(
        Exchange exchange, HoldCommand held, AttemptRecord? attempt, Charge charge, int requests, DateTimeOffset settledAt)
    {
        bool isLast = attempt is null || attempt.Number == exchange.Attempts.Count;
        return new UsageEvent
        {
            HoldId = held.Id,
            Attempt = attempt?.Number ?? 1,
            Path = held.Path,
            Attribution = held.Attribution,
            Operation = held.Operation,
            Requests = requests,
            Usage = charge.Usage,
            Cost = charge.Cost,
            Estimated = charge.Estimated,
            Provider = attempt?.Candidate.Route.Provider ?? "",
            ProviderModel = attempt?.Candidate.Route.Model ?? "",
            PriceVersion = charge.Price?.Version ?? "",
            Service = charge.Service,
            TierAboveTokens = charge.Price?.TierOf(charge.Usage.TotalInput, charge.Service) ?? 0,
            CostMax = charge.CostMax,
            Status = isLast ? exchange.Status : 502,
            FailedBy = isLast ? exchange.FailedBy : FailedBy.Provider,
            Streamed = exchange.Request.Stream,
            StartedAt = exchange.StartedAt,
            SettledAt = settledAt,
            DurationMicros = (long)exchange.Elapsed.TotalMicroseconds,
            FirstByteMicros = exchange.FirstByteAfter is { } first ? (long)first.TotalMicroseconds : null,
        };
    }
}
