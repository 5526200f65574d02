using System.Diagnostics;
using AIOrleans.Core.Denials;
using AIOrleans.Gateway.Flow;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>A step of the flow, with a span around it while somebody listens.</summary>
internal sealed class TracedStep(string name, Func<Exchange, ValueTask<Denial?>> run)
{
    public ValueTask<Denial?> RunAsync(Exchange exchange) => Spans.AreOn ? RunTracedAsync(exchange) : run(exchange);

    private async ValueTask<Denial?> RunTracedAsync(Exchange exchange)
    {
        using Activity? span = Spans.BeginStep(name);
        Denial? denial = await run(exchange);
        if (denial is not null)
        {
            span?.SetTag("aiorleans.denial", denial.Code);
        }

        return denial;
    }
}
