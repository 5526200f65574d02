using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using BenchmarkDotNet.Attributes;

namespace AIOrleans.Benchmarks.Micro;

/// <summary>What one account decides, without grain and ledger.</summary>
public class LimitBenchmarks
{
    private const long Wide = LimitsConfig.RateMax;

    /// <summary>Between two holds, 100 microseconds: at the highest rate that there is, some 1,700 tokens come in, more than a call uses. Millions of calls would empty the bucket otherwise.</summary>
    private const long TicksPerCall = 1_000;

    private static readonly AccountId Account = AccountId.Of(AccountKind.Key, "acme", "eng", "k1");
    private static readonly HoldSize Size = new(1000, new NanoUsd(2_000_000));
    private static readonly SettledUsage Used = new("chat", 1, new HoldSize(800, new NanoUsd(1_500_000)));

    private readonly DateTimeOffset start = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);
    private TokenBucket bucket = TokenBucket.Full(1, 1, DateTimeOffset.UnixEpoch);
    private AccountBook? book;
    private long made;

    [GlobalSetup]
    public void Setup()
    {
        bucket = TokenBucket.Full(Wide, Wide, start);
        var limits = new LimitsConfig
        {
            RequestsPerMinute = Wide,
            TokensPerMinute = Wide,
            Concurrent = 1_000_000,
            Quotas = [new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, long.MaxValue / 4), new QuotaConfig(QuotaMetric.Requests, QuotaPeriod.Day, long.MaxValue / 4)],
        };
        book = new AccountBook(new AccountConfig(Account, limits, "UTC"), new AccountSnapshot(Account, 1, [], [], null), start);
    }

    /// <summary>Takes one of a bucket that refills meanwhile.</summary>
    [Benchmark(Description = "token_bucket")]
    public bool TakeToken() => bucket.TryTake(1, start.AddTicks(++made));

    /// <summary>Holds one call in an account with two rates, slots and two quotas, and settles it.</summary>
    [Benchmark(Description = "hold_settle")]
    public bool HoldAndSettle()
    {
        DateTimeOffset now = start.AddTicks(++made * TicksPerCall);
        var ask = new HoldAsk(new HoldId(new Guid((int)made, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), "chat", Size, Size, now.AddSeconds(30));

        // ! Set up before any call.
        return book!.TryHold(ask, now) is HoldDecision.Granted && book.TrySettle(ask.Id, Used, now, now)
            ? true
            : throw new InvalidOperationException("Nothing here may be denied.");
    }
}
