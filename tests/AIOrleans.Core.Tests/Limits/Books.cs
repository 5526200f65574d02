using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Tests.Limits;

/// <summary>Shorthand of the account book tests: one key account, UTC unless said otherwise, at noon of a Wednesday.</summary>
internal static class Books
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);
    public static readonly AccountId Key = AccountId.Parse("key:acme.eng.k1");

    private static int holdsMade;

    public static AccountConfig Config(LimitsConfig limits, string timeZone = "UTC") => new(Key, limits, timeZone);

    public static AccountSnapshot Empty(long epoch = 1) => new(Key, epoch, [], [], null);

    public static AccountBook Open(LimitsConfig limits, AccountSnapshot? snapshot = null, string timeZone = "UTC", DateTimeOffset? now = null) =>
        new(Config(limits, timeZone), snapshot ?? Empty(), now ?? Noon);

    public static AccountBook Open(params QuotaConfig[] quotas) => Open(new LimitsConfig { Quotas = quotas });

    public static LimitsConfig With(params QuotaConfig[] quotas) => new() { Quotas = quotas };

    public static QuotaConfig Cost(long amount, QuotaPeriod period = QuotaPeriod.Day, QuotaMode mode = QuotaMode.Strict) =>
        new(QuotaMetric.Cost, period, amount, mode);

    public static QuotaConfig Tokens(long amount, QuotaPeriod period = QuotaPeriod.Day, QuotaMode mode = QuotaMode.Strict) =>
        new(QuotaMetric.Tokens, period, amount, mode);

    public static QuotaConfig Requests(long amount, QuotaPeriod period = QuotaPeriod.Day, QuotaMode mode = QuotaMode.Strict) =>
        new(QuotaMetric.Requests, period, amount, mode);

    public static QuotaConfig Operations(string operation, long amount, QuotaPeriod period = QuotaPeriod.Day) =>
        new(QuotaMetric.Operations, period, amount, QuotaMode.Strict, operation);

    public static HoldId NextId() => new(new Guid(Interlocked.Increment(ref holdsMade), 0, 0, new byte[8]));

    /// <summary>An ask for <paramref name="tokens"/> and <paramref name="cost"/> nano-dollars, expected as the worst case unless said otherwise.</summary>
    public static HoldAsk Ask(
        long tokens = 1, long cost = 0, long? expectedTokens = null, long? expectedCost = null, string operation = "chat", DateTimeOffset? leaseUntil = null) =>
        new(NextId(), operation, Size(tokens, cost), Size(expectedTokens ?? tokens, expectedCost ?? cost), leaseUntil ?? Noon.AddSeconds(30));

    public static HoldSize Size(long tokens, long cost) => new(tokens, new NanoUsd(cost));

    public static SettledUsage Used(long tokens = 1, long cost = 0, int requests = 1, string operation = "chat") =>
        new(operation, requests, Size(tokens, cost));

    public static HoldDecision.Granted MustHold(this AccountBook book, HoldAsk ask, DateTimeOffset? now = null) =>
        Assert.IsType<HoldDecision.Granted>(book.TryHold(ask, now ?? Noon));

    public static LimitFacts MustDeny(this AccountBook book, HoldAsk ask, DateTimeOffset? now = null) =>
        Assert.IsType<HoldDecision.Denied>(book.TryHold(ask, now ?? Noon)).Facts;

    /// <summary>Holds and settles one call at once.</summary>
    public static void Spend(this AccountBook book, long tokens = 1, long cost = 0, DateTimeOffset? now = null, string operation = "chat")
    {
        HoldAsk ask = Ask(tokens, cost, operation: operation);
        book.MustHold(ask, now);
        Assert.True(book.TrySettle(ask.Id, Used(tokens, cost, operation: operation), now ?? Noon, now ?? Noon));
    }

    public static QuotaLive QuotaAt(this AccountBook book, string name, DateTimeOffset? now = null) =>
        book.ViewAt(now ?? Noon).Quotas.Single(quota => quota.Limit == name);
}
