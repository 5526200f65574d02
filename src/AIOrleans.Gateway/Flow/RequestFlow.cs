using System.Diagnostics;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Flow.Steps;
using AIOrleans.Gateway.Objects;
using AIOrleans.Gateway.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Flow;

/// <summary>
/// The way of every model call, in order. Each step denies (a value), or fills in the <see cref="Exchange"/> for the next.
/// 1 Identify, before a byte of the body is read, so that strangers cannot make the gateway read it · 2 Accept · 3 Authorize · 4 Inspect ·
/// a call that only counts tokens leaves here, answered by <see cref="CountStep"/> · a call that repeats an <c>Idempotency-Key</c> leaves here with the first one's answer · 5 Hold · 6 Route · 7 Call · 8 Relay · 9 Settle, which runs on success, error, abort and shutdown alike.
/// </summary>
internal sealed class RequestFlow(
    IDirectory directory,
    InFlight inFlight,
    IdentifyStep identify,
    AcceptStep accept,
    AuthorizeStep authorize,
    FileOwners files,
    InspectStep inspect,
    RepeatStep repeat,
    HoldStep hold,
    RouteStep routes,
    CountStep count,
    CallStep call,
    RelayStep relay,
    SettleStep settle,
    StoreRefusals refusals,
    RequestMetrics metrics,
    TimeProvider time,
    ILogger<RequestFlow> logger)
{
    private readonly TracedStep identify = new("identify", identify.RunAsync);
    private readonly TracedStep accept = new("accept", accept.RunAsync);
    private readonly TracedStep authorize = new("authorize", exchange => new(authorize.Run(exchange)));
    private readonly TracedStep repeat = new("repeat", repeat.RunAsync);
    private readonly TracedStep hold = new("hold", hold.RunAsync);
    private readonly TracedStep route = new("route", exchange => new(routes.Run(exchange)));
    private readonly TracedStep count = new("count", count.RunAsync);
    private readonly TracedStep call = new("call", call.RunAsync);
    private readonly TracedStep relay = new("relay", async exchange =>
    {
        await inFlight.Share();
        await relay.RunAsync(exchange);
        return null;
    });

    /// <summary>Serves one call; writes the whole answer, whatever happens.</summary>
    public Task RunAsync(HttpContext http, ClientRoute route) => RunAsync(http, route, RunStepsAsync);

    /// <summary>The same for a call that is no model's: it is bounded, answered and logged alike, and goes its own way between.</summary>
    public async Task RunAsync(HttpContext http, ClientRoute route, Func<Exchange, ValueTask<Denial?>> stepsAsync)
    {
        var exchange = new Exchange(http, route, directory.Current, time);
        Activity? span = Spans.BeginRequest(exchange);
        if (!inFlight.TryEnter())
        {
            await ClientAnswer.DenyAsync(exchange, new Denial.Overloaded(TimeSpan.FromSeconds(1)));
            metrics.Record(exchange);
            Spans.EndRequest(span, exchange);
            return;
        }

        try
        {
            await inFlight.Share();
            Denial? denial = await stepsAsync(exchange);
            if (denial is not null)
            {
                await ClientAnswer.DenyAsync(exchange, denial);
            }
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The client left: there is nobody to answer, and Settle below charges what was used.
            exchange.Fail(499, FailedBy.Client);
        }
        catch (StoreUnavailableException exception)
        {
            refusals.Refused(exception.Message);
            exchange.Fail(503, FailedBy.Gateway);
            await ClientAnswer.DenyAsync(exchange, new Denial.StoreUnavailable(TimeSpan.FromSeconds(1)));
        }
        catch (Exception exception)
        {
            FlowLog.Failed(logger, exchange.Id.ToString(), exception);
            exchange.Fail(500, FailedBy.Gateway);
            await ClientAnswer.DenyAsync(exchange, new Denial.Internal());
        }
        finally
        {
            await settle.RunAsync(exchange); // 9
            inFlight.Leave();
            metrics.Record(exchange);
            Spans.EndRequest(span, exchange);
        }
    }

    private async ValueTask<Denial?> RunStepsAsync(Exchange exchange)
    {
        Denial? denial = await identify.RunAsync(exchange) // 1
            ?? await accept.RunAsync(exchange) // 2
            ?? await authorize.RunAsync(exchange) // 3
            ?? await files.CheckAsync(exchange) // 3, of the files that it names
            ?? inspect.Run(exchange); // 4
        if (denial is not null)
        {
            return denial;
        }

        if (exchange.Route.CountsOnly)
        {
            return await route.RunAsync(exchange) ?? await count.RunAsync(exchange);
        }

        denial = await repeat.RunAsync(exchange);
        if (denial is not null || exchange.IsAnswered)
        {
            return denial;
        }

        return await hold.RunAsync(exchange) // 5
            ?? await route.RunAsync(exchange) // 6
            ?? await call.RunAsync(exchange) // 7
            ?? await relay.RunAsync(exchange); // 8
    }
}
