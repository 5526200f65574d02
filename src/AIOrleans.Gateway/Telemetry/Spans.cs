using System.Diagnostics;
using AIOrleans.Core.Ledger;
using AIOrleans.Gateway.Flow;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>Spans of a request: one for the call, one for each step, one for each attempt. They carry ids, names and numbers, never a secret or what people wrote.</summary>
/// <remarks>While nobody listens there are none, and beginning one is a look at a field.</remarks>
// Source of gen_ai.*: OpenTelemetry semantic conventions for generative AI.
internal static class Spans
{
    public const string SourceName = "AIOrleans.Gateway";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>True while somebody listens.</summary>
    public static bool AreOn => Source.HasListeners();

    /// <summary>Begins the span of a whole call, below the caller's own where it sent a <c>traceparent</c>.</summary>
    /// <returns>Null when nobody listens, or this call is not sampled.</returns>
    public static Activity? BeginRequest(Exchange exchange)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // The server has an activity of its own for each request, which nobody exports: it must not come between.
        Activity.Current = null;
        HttpRequest http = exchange.Http.Request;
        ActivityContext.TryParse(http.Headers.TraceParent, http.Headers.TraceState, isRemote: true, out ActivityContext caller);
        Activity? span = Source.StartActivity(exchange.Route.Operation, ActivityKind.Server, caller);
        span?.SetTag("gen_ai.operation.name", Words.OperationOf(exchange.Route.Operation))
            .SetTag("http.request.method", http.Method)
            .SetTag("aiorleans.protocol", Words.ProtocolOf(exchange.Route.Format))
            .SetTag("aiorleans.request.id", exchange.Id.ToString());
        return span;
    }

    /// <summary>Ends the span of a whole call with what became of it.</summary>
    public static void EndRequest(Activity? span, Exchange exchange)
    {
        foreach (AttemptRecord attempt in exchange.Attempts)
        {
            EndAttempt(attempt);
        }

        if (span is null)
        {
            return;
        }

        if (exchange.Caller is { } caller)
        {
            span.SetTag("aiorleans.tenant", caller.Path[0].Tenant).SetTag("aiorleans.key", caller.KeyId);
        }

        if (exchange.Model is { } model)
        {
            // Only a model that the configuration has: a client can name anything.
            span.DisplayName = $"{exchange.Route.Operation} {model.Name}";
            span.SetTag("gen_ai.request.model", model.Name).SetTag("aiorleans.stream", exchange.Request.Stream);
        }

        span.SetTag("http.response.status_code", exchange.Status).SetTag("aiorleans.outcome", Words.OutcomeOf(exchange)).SetTag("aiorleans.attempts", exchange.Attempts.Count);
        if (exchange.Denied is { } denial)
        {
            span.SetTag("aiorleans.denial", denial.Code);
        }

        if (exchange.FirstByteAfter is { } first)
        {
            span.SetTag("aiorleans.first_byte_ms", first.TotalMilliseconds);
        }

        if (exchange.FailedBy is FailedBy.Gateway or FailedBy.Provider)
        {
            span.SetTag("error.type", exchange.Denied?.Code ?? "stream_broke").SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }

    /// <summary>Begins the span of a step below that of the call; null when there is none.</summary>
    public static Activity? BeginStep(string name, ActivityKind kind = ActivityKind.Internal) =>
        Activity.Current is { } parent && parent.Source == Source ? Source.StartActivity(name, kind) : null;

    /// <summary>Begins the span of an attempt, which ends with its answer.</summary>
    public static Activity? BeginAttempt(Exchange exchange, AttemptRecord attempt)
    {
        var route = attempt.Candidate.Route;
        Activity? span = BeginStep("attempt", ActivityKind.Client);
        if (span is null)
        {
            return null;
        }

        span.DisplayName = $"{Words.OperationOf(exchange.Route.Operation)} {route.Model}";
        span.SetTag("gen_ai.operation.name", Words.OperationOf(exchange.Route.Operation))
            .SetTag("gen_ai.provider.name", Words.SystemOf(attempt.Candidate.Provider))
            .SetTag("gen_ai.request.model", route.Model)
            .SetTag("aiorleans.provider", route.Provider)
            .SetTag("aiorleans.attempt", attempt.Number);
        if (attempt.Candidate.Provider.BaseUrl is { } address)
        {
            span.SetTag("server.address", address.Host).SetTag("server.port", address.Port);
        }

        return span;
    }

    /// <summary>Ends the span of an attempt; does nothing when it has ended.</summary>
    public static void EndAttempt(AttemptRecord attempt)
    {
        if (attempt.Span is not { IsStopped: false } span)
        {
            return;
        }

        if (attempt.Usage is { } used)
        {
            span.SetTag("gen_ai.usage.input_tokens", used.TotalInput).SetTag("gen_ai.usage.output_tokens", used.TotalOutput);
        }

        if (attempt.Error is { } error)
        {
            span.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }
}
