using System.Globalization;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Limits;
using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Flow;
using AIOrleans.Identity;
using AIOrleans.Protocols.Errors;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Errors;

/// <summary>Begins answers in the words of the client's protocol: status, headers, and the bodies of denials.</summary>
internal static class ClientAnswer
{
    /// <summary>Characters told of one field that was left out.</summary>
    private const int PathCharsMax = 100;

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
        exchange.Denied ??= denial;
        HttpResponse response = exchange.Http.Response;
        if (response.HasStarted)
        {
            return;
        }

        if (exchange is { Lead: not null, IsCharged: true })
        {
            denial = Remembered(denial);
        }

        ClientProtocol protocol = exchange.Route.Protocol;
        bool isRemembered = exchange is { Lead: not null, IsCharged: true };
        var denied = DeniedCall.Of(denial, exchange.Id.ToString());
        denied = isRemembered ? denied with { Retry = false } : denied;
        exchange.Status = protocol.StatusOf(denied.Error.Kind);
        response.Clear();
        response.StatusCode = exchange.Status;
        response.ContentType = "application/json";
        AddGatewayHeaders(exchange, response);
        response.Headers["x-aiorleans-denied-by"] = denial is Denial.LimitReached { Facts: var facts } ? $"{facts.Account} {facts.Limit}" : denial.Code;
        Add(response, protocol.HeadersOf(denied, exchange.Now));
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = Challenge.Of(denial);
        }

        if (denial is Denial.LimitReached { Facts.Line: { } line })
        {
            response.Headers["x-aiorleans-queue-place"] = line.Place.ToString(CultureInfo.InvariantCulture);
            response.Headers["x-aiorleans-queue-estimated-ms"] = Milliseconds(line.EstimatedWait);
        }

        ReadOnlyMemory<byte> body = protocol.ErrorBodyOf(denied);
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
        headers[exchange.Route.Protocol.RequestIdHeader] = id;
        headers["x-aiorleans-request-id"] = id;
        if (exchange.Headroom is { } headroom && headroom != Headroom.Unlimited)
        {
            Add(response, exchange.Route.Protocol.HeadersOf(headroom, exchange.Now));
        }

        if (exchange.QueueWait is not null)
        {
            headers["x-aiorleans-queued-ms"] = Milliseconds(exchange.QueuedFor);
        }

        if (exchange.Omitted.Count > 0)
        {
            headers["x-aiorleans-dropped-params"] = string.Join(", ", exchange.Omitted.Select(Printable));
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

    /// <summary>A field's path as a header may carry it: clients choose the names of unknown fields.</summary>
    private static string Printable(string path) => string.Create(Math.Min(path.Length, PathCharsMax), path, static (span, text) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = text[i] is >= '!' and <= '~' and not ',' ? text[i] : '?';
        }
    });

    private static void Add(HttpResponse response, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        foreach ((string name, string value) in headers)
        {
            response.Headers[name] = value;
        }
    }
}
