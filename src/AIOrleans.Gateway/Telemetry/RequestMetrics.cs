using System.Diagnostics;
using System.Diagnostics.Metrics;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Routing;
using AIOrleans.Gateway.Flow;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>Counts requests when they have ended, with their attempts. Thread-safe; allocates nothing. Benchmark: gateway.</summary>
internal sealed class RequestMetrics
{
    public const string MeterName = "AIOrleans.Gateway";

    private readonly TenantLabels tenants;
    private readonly Counter<long> requests;
    private readonly Counter<long> denials;
    private readonly Counter<long> attempts;
    private readonly Counter<long> failovers;
    private readonly Histogram<double> duration;
    private readonly Histogram<double> firstByte;
    private readonly Histogram<double> operation;
    private readonly Histogram<double> hold;
    private readonly Histogram<double> queued;

    public RequestMetrics(IMeterFactory factory, TenantLabels tenants)
    {
        this.tenants = tenants;
        Meter meter = factory.Create(MeterName);
        requests = meter.CreateCounter<long>("aiorleans.requests", "{request}", "Model calls that have ended, by how.");
        denials = meter.CreateCounter<long>("aiorleans.denials", "{request}", "Model calls that were refused or cut off, by the code of the denial and the limit that is reached.");
        attempts = meter.CreateCounter<long>("aiorleans.attempts", "{attempt}", "Calls of providers, by how they ended; error is none where they answered.");
        failovers = meter.CreateCounter<long>("aiorleans.failovers", "{attempt}", "Attempts that were made because the one before failed, by the provider that failed.");
        duration = meter.CreateHistogram("aiorleans.request.duration", "s", "From the arrival of a model call to its last byte.", advice: Buckets.Calls);
        firstByte = meter.CreateHistogram("aiorleans.request.first_byte", "s", "From the arrival of a model call to the first byte of its answer.", advice: Buckets.Calls);
        operation = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "Time of one call of a provider, to the end of its answer.", advice: Buckets.Calls);
        hold = meter.CreateHistogram("aiorleans.hold.duration", "s", "Time that holding took, waiting in line apart.", advice: Buckets.Steps);
        queued = meter.CreateHistogram("aiorleans.queue.duration", "s", "Time that calls waited in line for a limit.", advice: Buckets.Calls);
    }

    /// <summary>Counts a request that has ended; its answer is out, its settlement may still run.</summary>
    public void Record(Exchange exchange)
    {
        string protocol = Words.ProtocolOf(exchange.Route.Format);
        string outcome = Words.OutcomeOf(exchange);
        var tags = new TagList
        {
            { "protocol", protocol }, { "operation", exchange.Route.Operation }, { "outcome", outcome }, { "status", Words.StatusOf(exchange.Status) },
        };
        tenants.AddTo(ref tags, exchange.Caller is { } caller ? caller.Path[0] : null);
        requests.Add(1, tags);
        duration.Record(exchange.Elapsed.TotalSeconds, new("protocol", protocol), new("operation", exchange.Route.Operation), new("outcome", outcome));
        if (exchange.Denied is { } denial)
        {
            RecordDenial(denial, exchange.Caller?.Path[0]);
        }

        if (exchange.HoldTook is { } took)
        {
            hold.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", exchange.Held is null ? "denied" : "held"));
        }

        if (exchange.QueuedFor > TimeSpan.Zero)
        {
            queued.Record(exchange.QueuedFor.TotalSeconds, new KeyValuePair<string, object?>("outcome", exchange.Held is null ? "denied" : "held"));
        }

        RecordAttempts(exchange);
    }

    private void RecordDenial(Denial denial, AccountId? tenant)
    {
        Core.Limits.LimitFacts? facts = denial switch
        {
            Denial.LimitReached reached => reached.Facts,
            Denial.CutOff cutOff => cutOff.Facts,
            _ => null,
        };
        var tags = new TagList
        {
            { "code", denial.Code },
            { "limit", facts is null ? Words.None : Words.KindOf(facts.Kind) },
            { "account", facts is null ? Words.None : Words.KindOf(facts.Account.Kind) },
        };
        tenants.AddTo(ref tags, tenant);
        denials.Add(1, tags);
    }

    private void RecordAttempts(Exchange exchange)
    {
        for (int i = 0; i < exchange.Attempts.Count; i++)
        {
            AttemptRecord attempt = exchange.Attempts[i];
            RouteCandidate candidate = attempt.Candidate;
            string provider = candidate.Route.Provider;
            string model = candidate.Route.Model;
            TimeSpan took = attempt.Took ?? exchange.Elapsed - attempt.StartedAfter;
            attempts.Add(1, new("provider", provider), new("model", model), new("error", attempt.Error ?? Words.None));
            var tags = new TagList
            {
                { "gen_ai.operation.name", Words.OperationOf(exchange.Route.Operation) },
                { "gen_ai.provider.name", Words.SystemOf(candidate.Provider) },
                { "gen_ai.request.model", model },
                { "aiorleans.provider", provider },
            };
            if (attempt.Error is { } error)
            {
                tags.Add("error.type", error);
            }

            operation.Record(took.TotalSeconds, tags);
            if (i > 0)
            {
                failovers.Add(1, new KeyValuePair<string, object?>("provider", exchange.Attempts[i - 1].Candidate.Route.Provider));
            }
        }

        if (exchange.FirstByteAfter is { } first && exchange.Attempts.Count > 0)
        {
            RouteCandidate answered = exchange.Attempts[^1].Candidate;
            firstByte.Record(first.TotalSeconds, new("provider", answered.Route.Provider), new("model", answered.Route.Model));
        }
    }
}
