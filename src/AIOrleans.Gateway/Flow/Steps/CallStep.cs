using AIOrleans.Contracts.Providers;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Routing;
using AIOrleans.Core.Usage;
using AIOrleans.Gateway.Holds;
using AIOrleans.Gateway.Routing;
using AIOrleans.Gateway.Telemetry;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Tokens;
using AIOrleans.Providers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 7: attempts down the ranking until one answers. Fails over only here, before the client has seen a byte.</summary>
internal sealed class CallStep(
    IChatProvider provider, Breakers breakers, HoldGrowth growth, AbortDrain drain, IOptions<TracingOptions> tracing, TimeProvider time, ILogger<CallStep> logger)
{
    /// <summary>What a client is told to wait when no deployment said how long.</summary>
    private static readonly TimeSpan RetryAfterDefault = TimeSpan.FromSeconds(2);

    private readonly bool propagates = tracing.Value.ToProviders;

    public async ValueTask<Denial?> RunAsync(Exchange exchange)
    {
        exchange.Upstream = drain.Begin(exchange);
        AttemptFailure? failure = null;
        RequestMistake? untold = null;
        foreach (RouteCandidate candidate in exchange.Routes)
        {
            if (exchange.Attempts.Count == RouteRanking.AttemptsMax)
            {
                break;
            }

            if (candidate.IsResting)
            {
                continue;
            }

            (UpstreamCall? call, RequestMistake? mistake) = UpstreamCall.For(exchange, candidate);
            if (call is null)
            {
                // Another deployment may speak the client's own protocol.
                untold ??= mistake;
                continue;
            }

            // What was sent may be billed although no answer came: another attempt needs room of its own.
            if (exchange.IsCharged && await growth.TryAddAttemptAsync(exchange) is { } reason)
            {
                FlowLog.NotFailedOver(logger, exchange.Id.ToString(), reason);
                break;
            }

            if (!await breakers.TryProbeAsync(candidate.Route))
            {
                continue;
            }

            var attempt = new AttemptRecord(exchange.Attempts.Count + 1, candidate) { StartedAfter = exchange.Elapsed };
            exchange.Attempts.Add(attempt);
            failure = await TryAsync(exchange, attempt, call);
            if (failure is null)
            {
                return null;
            }

            FlowLog.AttemptFailed(logger, attempt.Number, exchange.Id.ToString(), candidate.Route.Provider, candidate.Route.Model, failure.Message);
            if (failure.IsRequestAtFault)
            {
                return RequestAtFault(exchange, failure);
            }
        }

        return failure is null && untold is not null ? Untold(exchange, untold) : NoAnswer(exchange, failure);
    }

    private async Task<AttemptFailure?> TryAsync(Exchange exchange, AttemptRecord attempt, UpstreamCall call)
    {
        long startedStamp = time.GetTimestamp();
        attempt.Span = Spans.BeginAttempt(exchange, attempt);
        var request = new AttemptRequest
        {
            Provider = attempt.Candidate.Provider,
            Model = attempt.Candidate.Route.Model,
            Format = call.Format,
            Body = call.Body,
            ContentType = exchange.Request.ContentType,
            AnswersBytes = exchange.Request.HasBytesAnswer,
            Streamed = exchange.Request.Stream,
            TraceParent = propagates ? attempt.Span?.Id : null,
            TraceState = propagates ? attempt.Span?.TraceStateString : null,
            ClientHeaders = exchange.Http.Request.Headers.Select(header => new KeyValuePair<string, string>(header.Key, header.Value.ToString())),
        };

        AttemptFailure? failure;
        try
        {
            failure = await CallAsync(exchange, attempt, request);
        }
        catch (AttemptCancelledException cancelled)
        {
            attempt.IsBilled |= cancelled.MayBeBilled;
            attempt.Error = "cancelled";
            Spans.EndAttempt(attempt);
            throw;
        }

        TimeSpan took = time.GetElapsedTime(startedStamp);
        if (failure is not null)
        {
            attempt.Error = Words.ErrorOf(failure);
            attempt.Took = took;
            Spans.EndAttempt(attempt);
        }

        exchange.Omitted = call.Omitted;
        Report(attempt, failure, took);
        return failure;
    }

    private async Task<AttemptFailure?> CallAsync(Exchange exchange, AttemptRecord attempt, AttemptRequest request)
    {
        switch (await provider.CallAsync(request, exchange.Upstream.Token))
        {
            case AttemptResult.Answered answered:
                attempt.IsBilled = true;
                attempt.Usage = answered.Chat.Usage;
                attempt.Service = answered.Chat.Service;
                attempt.OutputTokens = answered.Chat.OutputTokens;
                return Take(exchange, answered, request.Format);

            case AttemptResult.Streamed streamed:
                ChatStream stream = StreamOf(exchange, streamed.Body, request);
                AttemptFailure? broken = await OpenAsync(exchange, stream);
                if (broken is null)
                {
                    attempt.IsBilled = true;
                    exchange.Answer = streamed;
                    exchange.Stream = stream;
                    return null;
                }

                attempt.IsBilled = broken.MayBeBilled;
                return broken;

            case AttemptResult.Bytes bytes:
                // What it costs follows from the request.
                attempt.IsBilled = true;
                attempt.Usage = default(TokenUsage);
                exchange.Answer = bytes;
                return null;

            case AttemptResult.Failed failed:
                attempt.IsBilled = failed.Failure.MayBeBilled;
                return failed.Failure;

            default:
                throw new InvalidOperationException("An attempt answers, streams or fails.");
        }
    }

    /// <summary>Keeps a complete answer for the relay, in the client's format.</summary>
    /// <returns>Null, or why it cannot be told to the client; it is billed all the same.</returns>
    private static AttemptFailure? Take(Exchange exchange, AttemptResult.Answered answered, WireFormat format)
    {
        WireFormat client = exchange.Request.Format;
        if (format == client)
        {
            exchange.Answer = answered;
            return null;
        }

        if (AnswerTranslator.TryRead(answered.Body, format) is not { } answer)
        {
            return new AttemptFailure(FailureKind.Garbage, "The provider's answer is not what its protocol has.") { MayBeBilled = true };
        }

        exchange.Answer = answered with { ContentType = "application/json", Body = AnswerTranslator.Write(answer, client, exchange.ToFrame()) };
        return null;
    }

    private static ChatStream StreamOf(Exchange exchange, AnswerStream body, AttemptRequest attempt)
    {
        CallFacts request = exchange.Request;
        TokenFamily family = TokenFamilies.Of(attempt.Model, attempt.Provider.Kind);
        return attempt.Format == request.Format
            ? ChatStream.Passing(body, attempt.Format, family, request.IncludeUsageAsked)
            : ChatStream.Translating(body, attempt.Format, family, request.Format, exchange.ToFrame());
    }

    private static async Task<AttemptFailure?> OpenAsync(Exchange exchange, ChatStream stream)
    {
        bool isOpen = false;
        try
        {
            AttemptFailure? broken = await stream.OpenAsync(exchange.Upstream.Token);
            isOpen = broken is null;
            return broken;
        }
        finally
        {
            if (!isOpen)
            {
                await stream.DisposeAsync();
            }
        }
    }

    private void Report(AttemptRecord attempt, AttemptFailure? failure, TimeSpan took) => breakers.Report(attempt.Candidate.Route, new AttemptReport
    {
        Succeeded = failure is null || failure.IsRequestAtFault,
        FirstByteMicros = failure is null ? (long)took.TotalMicroseconds : null,
        RetryAfter = failure?.RetryAfter,
        Reason = failure is null ? null : failure.Status is { } status ? $"status_{status}" : failure.Kind.ToString(),
    });

    /// <summary>The provider says that the request itself is wrong: the client is told so in the provider's words.</summary>
    private static Denial.Malformed RequestAtFault(Exchange exchange, AttemptFailure failure)
    {
        exchange.Fail(failure.Status ?? 400, FailedBy.Client);
        return new Denial.Malformed(failure.Error?.Message ?? "The provider refused the request as malformed.", failure.Error?.Param, failure.Error?.Code);
    }

    /// <summary>No deployment can be told what the request says.</summary>
    private static Denial.Malformed Untold(Exchange exchange, RequestMistake mistake)
    {
        exchange.Fail(400, FailedBy.Client);
        return new Denial.Malformed(mistake.Message, mistake.Param, mistake.Code);
    }

    private static Denial.ProviderFailed NoAnswer(Exchange exchange, AttemptFailure? failure)
    {
        Denial.ProviderFailed denial = failure switch
        {
            null => new(503, $"Every deployment of '{exchange.Model.Name}' is resting after failures. Try again shortly.", RetryAfterDefault),
            { Kind: FailureKind.FirstByteTimeout or FailureKind.IdleTimeout or FailureKind.ConnectTimeout } =>
                new(504, $"No deployment of '{exchange.Model.Name}' answered in time.", RetryAfterDefault),
            { Kind: FailureKind.BadStatus, Status: 429 or 503 or 529 } =>
                new(503, $"Every deployment of '{exchange.Model.Name}' is overloaded.", failure.RetryAfter ?? RetryAfterDefault),
            _ => new(502, $"No deployment of '{exchange.Model.Name}' gave a usable answer.", RetryAfterDefault),
        };
        exchange.Fail(denial.Status, FailedBy.Provider);
        return denial;
    }
}
