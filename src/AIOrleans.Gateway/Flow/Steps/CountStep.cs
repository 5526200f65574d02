using AIOrleans.Core.Denials;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Routing;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Holds;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>
/// Answers calls that only count tokens: by a deployment of the alias whose provider counts them, else by what was learned of this key and model, else by the texts.
/// Providers count for nothing, so that nothing is held and nothing charged, and a spent budget does not hide it.
/// </summary>
internal sealed class CountStep(IChatProvider provider, HoldPlanner planner, InFlight inFlight, ILogger<CountStep> logger)
{
    /// <summary>On an answer that no provider gave.</summary>
    public const string EstimatedHeader = "x-aiorleans-estimated";

    public async ValueTask<Denial?> RunAsync(Exchange exchange)
    {
        foreach (RouteCandidate candidate in exchange.Routes)
        {
            (UpstreamCall? call, RequestMistake? mistake) = UpstreamCall.For(exchange, candidate);
            if (call is null)
            {
                // What cannot be told to the provider could not be answered either.
                exchange.Fail(400, FailedBy.Client);
                return new Denial.Malformed(mistake!.Message, mistake.Param, mistake.Code); // ! One of both is null.
            }

            if (candidate.IsResting || !ProviderFormats.Counts(candidate.Provider))
            {
                continue;
            }

            TimeSpan begunAfter = exchange.Elapsed;
            switch (await AskAsync(exchange, candidate, call))
            {
                case AttemptResult.Counted counted:
                    exchange.Attempts.Add(new AttemptRecord(1, candidate) { StartedAfter = begunAfter });
                    await WriteAsync(exchange, counted.Status, counted.Tokens, counted.Headers, call.Format == exchange.Request.Format ? counted.Body : (ReadOnlyMemory<byte>?)null);
                    return null;
                case AttemptResult.Failed { Failure: { IsRequestAtFault: true } failure }:
                    return new Denial.Malformed(failure.Error?.Message ?? "The provider refused the request as malformed.", failure.Error?.Param, failure.Error?.Code);
                case AttemptResult.Failed { Failure: var failure }:
                    FlowLog.NotCounted(logger, exchange.Id.ToString(), candidate.Route.Provider, failure.Message);
                    break;
            }
        }

        await WriteAsync(exchange, StatusCodes.Status200OK, EstimateOf(exchange), [new(EstimatedHeader, "true")], body: null);
        return null;
    }

    private async Task<AttemptResult> AskAsync(Exchange exchange, RouteCandidate candidate, UpstreamCall call)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted, inFlight.Cut);
        return await provider.CallAsync(
            new AttemptRequest
            {
                Provider = candidate.Provider,
                Model = candidate.Route.Model,
                Format = call.Format,
                Body = call.Body,
                Streamed = false,
                CountsOnly = true,
                ClientHeaders = exchange.Http.Request.Headers.Select(header => new KeyValuePair<string, string>(header.Key, header.Value.ToString())),
            },
            until.Token);
    }

    private long EstimateOf(Exchange exchange) =>
        planner.CountOf(exchange.Caller, exchange.Model, exchange.Request, ModelFamilies.Of(exchange.Model, exchange.Directory));

    /// <param name="body">The provider's own words where they are the client's; null: to be written.</param>
    private static async Task WriteAsync(
        Exchange exchange, int status, long tokens, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte>? body)
    {
        ReadOnlyMemory<byte> answer = body ?? TokenCount.Write(tokens, exchange.Request.Format);
        ClientAnswer.Begin(exchange, status, "application/json", headers);
        exchange.Http.Response.ContentLength = answer.Length;
        await exchange.Http.Response.Body.WriteAsync(answer, exchange.Http.RequestAborted);
    }
}
