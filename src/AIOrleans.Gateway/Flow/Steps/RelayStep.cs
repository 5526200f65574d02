using AIOrleans.Core.Denials;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Holds;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Gateway.Telemetry;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.Sse;
using AIOrleans.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 8: gives the answer to the client: a complete one as its bytes, a stream event by event, a file as it comes, each flushed at once.</summary>
internal sealed class RelayStep(Pricing pricing, BytesRelay bytesRelay, KeepAlives keepAlives, CutOffs cutOffs, InFlight inFlight, LiveMetrics metrics, ILogger<RelayStep> logger)
{
    private const int ClientClosedRequest = 499;

    public Task RunAsync(Exchange exchange) => exchange.Answer switch
    {
        AttemptResult.Answered answered => RelayWholeAsync(exchange, answered),
        AttemptResult.Streamed streamed => RelayStreamAsync(exchange, streamed),
        AttemptResult.Bytes bytes => bytesRelay.RunAsync(exchange, bytes),
        _ => throw new InvalidOperationException("There is no answer to relay."),
    };

    private async Task RelayWholeAsync(Exchange exchange, AttemptResult.Answered answered)
    {
        HttpResponse response = exchange.Http.Response;
        ClientAnswer.Begin(exchange, answered.Status, answered.ContentType, answered.Headers);
        response.Headers["x-aiorleans-cost-usd"] = pricing.CostOf(exchange, exchange.Attempts[^1]).ToString();
        response.ContentLength = answered.Body.Length;
        exchange.FirstByteAfter = exchange.Elapsed;
        exchange.Lead?.Record(response, answered.Body);
        try
        {
            await response.Body.WriteAsync(answered.Body, exchange.Http.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            FailUnlessHeard(exchange);
        }
    }

    private async Task RelayStreamAsync(Exchange exchange, AttemptResult.Streamed streamed)
    {
        ClientAnswer.Begin(exchange, streamed.Status, "text/event-stream; charset=utf-8", streamed.Headers);
        ClientAnswer.ForbidBuffering(exchange.Http.Response);
        exchange.Lead?.Begin(exchange.Http.Response, isStream: true);
        ChatStream stream = exchange.Stream!; // ! Set with a streamed answer.
        await using ClientWriter client = keepAlives.Begin(exchange, exchange.Lead?.Recording);
        metrics.StreamBegan();
        try
        {
            await PumpAsync(exchange, stream, client);
            exchange.Lead?.Recording.Close(RecordingEnd.Whole);
        }
        finally
        {
            AttemptRecord attempt = exchange.Attempts[^1];
            attempt.Usage = stream.Meter.Usage;
            attempt.InputTold = stream.Meter.InputTold;
            attempt.Service = stream.Meter.Service;
            attempt.OutputTokens = stream.Meter.OutputTokens;
            metrics.StreamEnded();
            await stream.DisposeAsync();
        }
    }

    private async Task PumpAsync(Exchange exchange, ChatStream stream, ClientWriter client)
    {
        CutOffGuard? guard = cutOffs.Begin(exchange);
        string? broke = null;
        try
        {
            while (broke is null)
            {
                StreamPiece piece = await stream.NextAsync(exchange.Upstream.Token);
                if (piece.Step is StreamStep.Forward or StreamStep.Done && !piece.Raw.IsEmpty)
                {
                    exchange.FirstByteAfter ??= exchange.Elapsed;
                    await client.WriteAsync(piece.Raw);
                }

                if (piece.Step == StreamStep.Done)
                {
                    break;
                }

                if (guard is not null && await guard.FindRefusalAsync(stream.Meter) is { } refused)
                {
                    await CutOffAsync(exchange, stream, client, refused);
                    return;
                }

                broke = piece.Step switch
                {
                    StreamStep.Failed => "the provider reported an error",
                    StreamStep.Garbage when piece.IsLast => "it ended before it was complete",
                    StreamStep.Garbage => "it carried something that its protocol does not have",
                    _ => null,
                };
            }
        }
        catch (ProviderException exception)
        {
            broke = exception.Failure.Message;
        }
        catch (SseEventTooLargeException)
        {
            broke = "an event was too large";
        }
        catch (OperationCanceledException) when (inFlight.Cut.IsCancellationRequested)
        {
            exchange.Fail(503, FailedBy.Gateway);
            await client.WriteErrorAsync(ErrorOf(exchange, ErrorKind.Overloaded, "The gateway is stopping; the answer is not complete.", "overloaded"), Relayed(exchange, stream));
            return;
        }
        catch (OperationCanceledException) when (exchange.Http.RequestAborted.IsCancellationRequested)
        {
            // The client left and the drain is over: what was counted so far is settled.
            exchange.Lead?.Recording.Close(RecordingEnd.Broken);
        }

        await EndAsync(exchange, stream, client, broke);
    }

    /// <summary>Ends the stream at a limit. Leaving it closes the provider's connection, so that it stops writing what nobody may pay for.</summary>
    private async Task CutOffAsync(Exchange exchange, ChatStream stream, ClientWriter client, LimitFacts facts)
    {
        var denial = new Denial.CutOff(facts);
        exchange.Denied = denial;
        var denied = DeniedCall.Of(denial, exchange.Id.ToString());
        exchange.Fail(exchange.Route.Protocol.StatusOf(denied.Error.Kind), FailedBy.Client);
        FlowLog.CutOff(logger, exchange.Id.ToString(), facts.Account.ToString(), facts.Limit);
        await client.WriteErrorAsync(denied, Relayed(exchange, stream));
    }

    private async Task EndAsync(Exchange exchange, ChatStream stream, ClientWriter client, string? broke)
    {
        if (broke is not null)
        {
            // Never the end mark: a truncated answer must not look like a complete one.
            exchange.Fail(502, FailedBy.Provider);
            exchange.Attempts[^1].Error = "stream_broke";
            var route = exchange.Attempts[^1].Candidate.Route;
            FlowLog.StreamBroke(logger, exchange.Id.ToString(), route.Provider, route.Model, broke);
            string message = stream.Meter.Error?.Message ?? $"The provider's stream broke: {broke}.";
            await client.WriteErrorAsync(ErrorOf(exchange, stream.Meter.Error?.Kind ?? ErrorKind.BadGateway, message, "provider_failed"), Relayed(exchange, stream));
        }
        else if (client.IsGone)
        {
            FailUnlessHeard(exchange);
        }
    }

    private static RelayedStream Relayed(Exchange exchange, ChatStream stream) => new(stream.Meter, exchange.ToFrame());

    private static DeniedCall ErrorOf(Exchange exchange, ErrorKind kind, string message, string code) =>
        DeniedCall.Of(kind, message, code, exchange.Id.ToString());

    /// <summary>A client that left got no answer; where others listened by the same <c>Idempotency-Key</c>, they did.</summary>
    private static void FailUnlessHeard(Exchange exchange)
    {
        if (exchange.Lead is not { IsHeard: true })
        {
            exchange.Fail(ClientClosedRequest, FailedBy.Client);
        }
    }
}
