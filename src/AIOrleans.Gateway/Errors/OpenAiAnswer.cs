using System.Globalization;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Limits;
using AIOrleans.Gateway.Flow;
using AIOrleans.Protocols.OpenAi;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Errors;

/// <summary>Begins answers of the OpenAI protocol: status, headers, and the bodies of denials.</summary>
internal static class OpenAiAnswer
{
    /// <summary>Sets everything that goes before the body of a successful answer.</summary>
    public static void Begin(Exchange exchange, int status, string contentType, IReadOnlyList<KeyValuePair<string, string>> providerHeaders)
    {
        HttpResponse response = exchange.Http.Response;
        exchange.Status = status;
        response.StatusCode = status;
        response.ContentType = contentType;
        Add(response, providerHeaders);
        AddGatewayHeaders(exchange, response);
    }

    /// <summary>Tells proxies in between to pass every event at once.</summary>
    public static void ForbidBuffering(HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Answers with a denial, unless an answer has begun already.</summary>
    public static async Task DenyAsync(Exchange exchange, Denial denial)
    {
        HttpResponse response = exchange.Http.Response;
        if (response.HasStarted)
        {
            return;
        }

        if (exchange is { Lead: not null, IsCharged: true })
        {
            denial = Remembered(denial);
        }

        OpenAiRefusal refusal = OpenAiDenials.Map(denial);
        exchange.Status = refusal.Status;
        response.Clear();
        response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        AddGatewayHeaders(exchange, response);
        response.Headers["x-aiorleans-denied-by"] = denial is Denial.LimitReached { Facts: var facts } ? $"{facts.Account} {facts.Limit}" : denial.Code;
        if (refusal.RetryAfter is not null)
        {
            Add(response, RateLimitHeaders.OfWait(refusal.RetryAfter));
        }

        if (denial is Denial.LimitReached { Facts.Line: { } line })
        {
            response.Headers["x-aiorleans-queue-place"] = line.Place.ToString(CultureInfo.InvariantCulture);
            response.Headers["x-aiorleans-queue-estimated-ms"] = Milliseconds(line.EstimatedWait);
        }

        if (!refusal.Retry || exchange is { Lead: not null, IsCharged: true })
        {
            response.Headers["x-should-retry"] = "false";
        }

        ReadOnlyMemory<byte> body = OpenAiErrorBody.Write(denial, refusal, exchange.Id.ToString());
        exchange.Lead?.Record(response, body);
        response.ContentLength = body.Length;
        try
        {
            await response.Body.WriteAsync(body, exchange.Http.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left before its denial: nothing is owed.
        }
    }

    /// <summary>A refusal after a charge is the answer of its <c>Idempotency-Key</c> from now on: coming back with the same key brings the same.</summary>
    private static Denial Remembered(Denial denial) => denial is Denial.ProviderFailed failed
        ? failed with { Message = $"{failed.Message} It was charged, so that this Idempotency-Key stays with this answer: send another key to call again.", RetryAfter = null }
        : denial;

    private static void AddGatewayHeaders(Exchange exchange, HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        string id = exchange.Id.ToString();
        headers["x-request-id"] = id;
        headers["x-aiorleans-request-id"] = id;
        if (exchange.Headroom is { } headroom && headroom != Headroom.Unlimited)
        {
            Add(response, RateLimitHeaders.Of(headroom));
        }

        if (exchange.QueueWait is not null)
        {
            headers["x-aiorleans-queued-ms"] = Milliseconds(exchange.QueuedFor);
        }

        if (exchange.Attempts.Count > 0)
        {
            AttemptRecord last = exchange.Attempts[^1];
            headers["x-aiorleans-provider"] = last.Candidate.Route.Provider;
            headers["x-aiorleans-model"] = last.Candidate.Route.Model;
            headers["x-aiorleans-attempts"] = exchange.Attempts.Count.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Whole milliseconds, rounded up: whoever comes back after them is not too early.</summary>
    private static string Milliseconds(TimeSpan span) => ((long)Math.Ceiling(span.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);

    private static void Add(HttpResponse response, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        foreach ((string name, string value) in headers)
        {
            response.Headers[name] = value;
        }
    }
}
