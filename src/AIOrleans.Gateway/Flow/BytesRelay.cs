using System.Buffers;
using AIOrleans.Core.Ledger;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Providers;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Flow;

/// <summary>Gives a file to the client as it comes, each piece flushed at once; one that breaks off ends with its connection, so that nobody takes a half for the whole.</summary>
internal sealed class BytesRelay(Pricing pricing, KeepAlives keepAlives, InFlight inFlight, ILogger<BytesRelay> logger)
{
    /// <summary>1 GiB: a day of speech. Beyond it a provider does not end.</summary>
    private const long AnswerBytesMax = 1024L * 1024 * 1024;

    private const int PieceBytesMax = 64 * 1024;

    private const int ClientClosedRequest = 499;

    public async Task RunAsync(Exchange exchange, AttemptResult.Bytes answer)
    {
        await using AnswerStream body = answer.Body;
        ClientAnswer.Begin(exchange, answer.Status, answer.ContentType, answer.Headers);
        Charge charge = pricing.ChargeOf(exchange, exchange.Attempts[^1], exchange.Plan.Worst);
        if (!charge.Estimated)
        {
            exchange.Http.Response.Headers["x-aiorleans-cost-usd"] = charge.Cost.ToString();
        }

        exchange.Lead?.Begin(exchange.Http.Response, isStream: false);
        string? broke;
        await using (ClientWriter client = keepAlives.BeginBytes(exchange, exchange.Lead?.Recording))
        {
            broke = await PumpAsync(exchange, body, client);
            if (broke is null && client.IsGone && exchange.Lead is not { IsHeard: true })
            {
                exchange.Fail(ClientClosedRequest, FailedBy.Client);
            }
        }

        exchange.Lead?.Recording.Close(broke is null ? RecordingEnd.Whole : RecordingEnd.Broken);
        if (broke is not null)
        {
            exchange.Http.Abort();
        }
    }

    /// <returns>Null at the end; otherwise why it does not come.</returns>
    private async Task<string?> PumpAsync(Exchange exchange, AnswerStream body, ClientWriter client)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytesMax);
        try
        {
            long bytes = 0;
            int length;
            while ((length = await body.ReadAsync(buffer, exchange.Upstream.Token)) > 0)
            {
                bytes += length;
                if (bytes > AnswerBytesMax)
                {
                    return Broke(exchange, "it does not end");
                }

                exchange.FirstByteAfter ??= exchange.Elapsed;
                await client.WriteAsync(buffer.AsMemory(0, length));
            }

            return null;
        }
        catch (ProviderException exception)
        {
            return Broke(exchange, exception.Failure.Message);
        }
        catch (OperationCanceledException) when (inFlight.Cut.IsCancellationRequested)
        {
            exchange.Fail(503, FailedBy.Gateway);
            return "the gateway is stopping";
        }
        catch (OperationCanceledException) when (exchange.Http.RequestAborted.IsCancellationRequested)
        {
            exchange.Fail(ClientClosedRequest, FailedBy.Client);
            return "the client left";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string Broke(Exchange exchange, string why)
    {
        exchange.Fail(502, FailedBy.Provider);
        exchange.Attempts[^1].Error = "stream_broke";
        var route = exchange.Attempts[^1].Candidate.Route;
        FlowLog.StreamBroke(logger, exchange.Id.ToString(), route.Provider, route.Model, why);
        return why;
    }
}
