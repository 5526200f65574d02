using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>Random limits, asks and usage, small enough to collide often. The seed decides everything.</summary>
internal sealed class Dice(int seed)
{
    private static readonly string[] Operations = ["chat", "embeddings"];

    private readonly Random random = new(seed);

    public int Next(int end) => random.Next(end);

    public int Next(int from, int end) => random.Next(from, end);

    public T Any<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public HoldAsk Ask(DateTimeOffset leaseUntil)
    {
        long tokens = random.Next(1, 100);
        long cost = random.Next(100);
        return new HoldAsk(
            Books.NextId(), Any(Operations), Books.Size(tokens, cost), Books.Size(random.NextInt64(1, tokens + 1), random.NextInt64(cost + 1)), leaseUntil);
    }

    /// <summary>The same call, larger in some numbers or in none.</summary>
    public HoldAsk Grown(in HoldAsk ask)
    {
        int moreMax = random.Next(3) == 0 ? 900 : 60;
        HoldSize expected = Books.Size(ask.Expected.Tokens + random.Next(moreMax), ask.Expected.Cost.Value + random.Next(moreMax));
        HoldSize worst = random.Next(2) == 0
            ? Books.Size(ask.Worst.Tokens + random.Next(moreMax), ask.Worst.Cost.Value + random.Next(moreMax))
            : ask.Worst;
        return ask with
        {
            Worst = Books.Size(Math.Max(worst.Tokens, expected.Tokens), Math.Max(worst.Cost.Value, expected.Cost.Value)),
            Expected = expected,
        };
    }

    /// <summary>Mostly within the hold, sometimes above it, sometimes with the request given back.</summary>
    public SettledUsage Usage(in HoldAsk ask)
    {
        bool isOverHold = random.Next(8) == 0;
        long tokens = isOverHold ? ask.Worst.Tokens + random.Next(100) : random.NextInt64(ask.Worst.Tokens + 1);
        long cost = isOverHold ? ask.Worst.Cost.Value + random.Next(100) : random.NextInt64(ask.Worst.Cost.Value + 1);
        return new SettledUsage(ask.Operation, random.Next(6) == 0 ? 0 : 1, new HoldSize(tokens, new NanoUsd(cost)));
    }

    public LimitsConfig Limits() => new()
    {
        RequestsPerMinute = random.Next(3) == 0 ? random.Next(100) : null,
        RequestBurst = random.Next(2) == 0 ? random.Next(1, 50) : null,
        TokensPerMinute = random.Next(3) == 0 ? random.Next(5000) : null,
        TokenBurst = random.Next(2) == 0 ? random.Next(100, 3000) : null,
        Concurrent = random.Next(4) == 0 ? random.Next(1, 12) : null,
        Quotas = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Quota()).DistinctBy(quota => quota.Name)],
    };

    private QuotaConfig Quota()
    {
        var metric = (QuotaMetric)random.Next(4);
        long amount = metric is QuotaMetric.Requests or QuotaMetric.Operations ? random.Next(30) : random.Next(1500);
        var mode = (QuotaMode)random.Next(4);
        return new QuotaConfig(metric, (QuotaPeriod)random.Next(8), amount, mode, metric == QuotaMetric.Operations ? Any(Operations) : null)
        {
            CutOff = mode == QuotaMode.Expected && metric is QuotaMetric.Cost or QuotaMetric.Tokens && random.Next(2) == 0,
        };
    }
}
