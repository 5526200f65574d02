using AIOrleans.Contracts.Providers;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Routing;
using AIOrleans.Gateway.Holds;
using AIOrleans.Gateway.Routing;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Providers;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 7: attempts down the ranking until one answers. Fails over only here, before the client has seen a byte.</summary>
internal sealed class CallStep(
    IChatProvider provider, Breakers breakers, HoldGrowth growth, AbortDrain drain, TimeProvider time, ILogger<CallStep> logger)
{
    /// <summary>What a client is told to wait when no deployment said how long.</summary>
    private static readonly TimeSpan RetryAfterDefault = TimeSpan.FromSeconds(2);

    public async ValueTask<Denial?> RunAsync(Exchange exchange)
    {
        exchange.Upstream = drain.Begin(exchange);
        AttemptFailure? failure = null;
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

            var attempt = new AttemptRecord(exchange.Attempts.Count + 1, candidate);
            exchange.Attempts.Add(attempt);
            failure = await TryAsync(exchange, attempt);
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

        return NoAnswer(exchange, failure);
    }

    private async Task<AttemptFailure?> TryAsync(Exchange exchange, AttemptRecord attempt)
    {
        long startedStamp = time.GetTimestamp();
        var request = new AttemptRequest
        {
            Provider = attempt.Candidate.Provider,
            Model = attempt.Candidate.Route.Model,
            Format = WireFormat.OpenAiChat,
            Body = ChatRequestPatch.Apply(exchange.Request, attempt.Candidate.Route.Model),
            Streamed = exchange.Request.Stream,
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
            throw;
        }

        Report(attempt, failure, time.GetElapsedTime(startedStamp));
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
                attempt.OutputBytes = answered.Chat.OutputBytes;
                exchange.Answer = answered;
                return null;

            case AttemptResult.Streamed streamed:
                var stream = new ChatStream(streamed.Body, exchange.Request.IncludeUsageAsked);
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

            case AttemptResult.Failed failed:
                attempt.IsBilled = failed.Failure.MayBeBilled;
                return failed.Failure;

            default:
                throw new InvalidOperationException("An attempt answers, streams or fails.");
        }
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
