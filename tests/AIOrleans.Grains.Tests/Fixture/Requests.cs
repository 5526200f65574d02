using System.Collections.Immutable;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>Shorthand of the grain tests: one org with keys <c>k0</c>, <c>k1</c>, …; two keys to a user, two users to a team.</summary>
internal static class Requests
{
    /// <summary>Nano-dollars a month. One percent of it, which is what slices may have, are ten calls of 100.</summary>
    public const long Budget = 100_000;

    public static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    public static readonly AccountId Tenant = AccountId.Parse("tenant:acme");
    public static readonly AccountId Org = AccountId.Parse("org:acme.eng");

    public static AccountId Team(int key = 0) => AccountId.Of(AccountKind.Team, "acme", "eng", $"t{key / 4}");

    public static AccountId User(int key = 0) => AccountId.Of(AccountKind.User, "acme", "eng", $"u{key / 2}");

    public static AccountId Key(int key = 0) => AccountId.Of(AccountKind.Key, "acme", "eng", $"k{key}");

    public static AccountId Model(int key = 0) => AccountId.Of(AccountKind.Model, "acme", "eng", key % 2 == 0 ? "gpt-4o" : "sim-1");

    /// <summary>Tenant first, six accounts.</summary>
    public static ImmutableArray<AccountId> Path(int key = 0) => [Tenant, Org, Team(key), User(key), Key(key), Model(key)];

    /// <summary>A request of key <paramref name="key"/> that can use so much at most; nano-dollars.</summary>
    public static HoldCommand Ask(long cost = 100, long tokens = 10, int key = 0, DateTimeOffset? now = null) => new()
    {
        Id = HoldId.New(now ?? Noon),
        Path = Path(key),
        Operation = "chat",
        Worst = new HoldSize(tokens, new NanoUsd(cost)),
        Expected = new HoldSize(tokens, new NanoUsd(cost)),
        Attribution = new Attribution($"acme.eng.k{key}", "gpt-4o", "UTC", []),
    };

    /// <summary>The settlement of a call that one provider attempt served.</summary>
    public static SettleCommand Used(this HoldCommand hold, long tokens, long cost, DateTimeOffset now) =>
        new(hold.Id, [EventOf(hold, now) with { Requests = 1, Usage = new() { Output = tokens }, Cost = new NanoUsd(cost), Provider = "sim", Status = 200 }]);

    /// <summary>The settlement of a call that was never made.</summary>
    public static SettleCommand GivenBack(this HoldCommand hold, DateTimeOffset now) => new(hold.Id, [EventOf(hold, now)]);

    private static UsageEvent EventOf(HoldCommand hold, DateTimeOffset now) => new()
    {
        HoldId = hold.Id,
        Attempt = 1,
        Path = hold.Path,
        Attribution = hold.Attribution,
        Operation = hold.Operation,
        Requests = 0,
        Usage = default,
        Cost = default,
        Estimated = false,
        Provider = "",
        ProviderModel = "sim-1",
        PriceVersion = "1",
        Status = 503,
        FailedBy = FailedBy.Nobody,
        Streamed = false,
        StartedAt = now,
        SettledAt = now,
        DurationMicros = 1,
        FirstByteMicros = 1,
    };
}
