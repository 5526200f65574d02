using System.Diagnostics;
using System.Diagnostics.Metrics;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Gateway.Flow;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>Counts tokens and cost when a request is settled. For graphs: the bill is the ledger. Thread-safe; allocates nothing. Benchmark: gateway.</summary>
internal sealed class UsageMetrics
{
    private readonly TenantLabels tenants;
    private readonly Counter<long> tokens;
    private readonly Counter<double> cost;
    private readonly Counter<long> estimated;
    private readonly Histogram<long> usage;
    private readonly Histogram<double> settle;

    public UsageMetrics(IMeterFactory factory, TenantLabels tenants)
    {
        this.tenants = tenants;
        Meter meter = factory.Create(RequestMetrics.MeterName);
        tokens = meter.CreateCounter<long>("aiorleans.tokens", "{token}", "Tokens that were charged, by class; no token is in two classes.");
        cost = meter.CreateCounter<double>("aiorleans.cost.usd", "{USD}", "Cost that was charged, in US dollars.");
        estimated = meter.CreateCounter<long>("aiorleans.attempts.estimated", "{attempt}", "Attempts that were charged by an estimate, because their provider did not tell what was used.");
        usage = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of one call of a provider, read and written.", advice: Buckets.Tokens);
        settle = meter.CreateHistogram("aiorleans.settle.duration", "s", "Time from the end of a request to its settlement in the ledger.", advice: Buckets.Steps);
    }

    /// <summary>A settlement has ended.</summary>
    public void Settled(TimeSpan took) => settle.Record(took.TotalSeconds);

    /// <summary>Counts one charged attempt.</summary>
    public void Charged(Exchange exchange, AttemptRecord attempt, in Charge charge)
    {
        RouteConfig route = attempt.Candidate.Route;
        TokenUsage used = charge.Usage;
        Add(exchange, route, "input", used.UncachedInput);
        Add(exchange, route, "cache_read", used.CacheRead);
        Add(exchange, route, "cache_write", used.CacheWrite5m + used.CacheWrite1h);
        Add(exchange, route, "output", used.Output);
        Add(exchange, route, "audio_input", used.AudioInput);
        Add(exchange, route, "audio_output", used.AudioOutput);
        Add(exchange, route, "image_input", used.ImageInput);
        Add(exchange, route, "image_output", used.ImageOutput);
        if (charge.Cost.Value > 0)
        {
            var tags = new TagList { { "provider", route.Provider }, { "model", route.Model } };
            tenants.AddTo(ref tags, exchange.Caller.Path[0]);
            cost.Add((double)charge.Cost.Value / NanoUsd.PerUsd, tags);
        }

        if (charge.Estimated)
        {
            estimated.Add(1, new("provider", route.Provider), new("model", route.Model));
        }

        Distribute(exchange, attempt, "input", used.TotalInput);
        Distribute(exchange, attempt, "output", used.TotalOutput);
    }

    private void Add(Exchange exchange, RouteConfig route, string kind, long count)
    {
        if (count > 0)
        {
            var tags = new TagList { { "class", kind }, { "provider", route.Provider }, { "model", route.Model } };
            tenants.AddTo(ref tags, exchange.Caller.Path[0]);
            tokens.Add(count, tags);
        }
    }

    private void Distribute(Exchange exchange, AttemptRecord attempt, string type, long count)
    {
        if (count > 0)
        {
            usage.Record(count, new TagList
            {
                { "gen_ai.operation.name", Words.OperationOf(exchange.Route.Operation) },
                { "gen_ai.provider.name", Words.SystemOf(attempt.Candidate.Provider) },
                { "gen_ai.request.model", attempt.Candidate.Route.Model },
                { "aiorleans.provider", attempt.Candidate.Route.Provider },
                { "gen_ai.token.type", type },
            });
        }
    }
}
