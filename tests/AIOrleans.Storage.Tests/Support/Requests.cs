using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;

namespace AIOrleans.Storage.Tests.Support;

/// <summary>Holds and settlements with unremarkable values, for tests to vary.</summary>
internal static class Requests
{
    /// <summary>A whole microsecond: what the ledger stores exactly.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 29, 12, 30, 15, TimeSpan.Zero);

    public static readonly IReadOnlyList<AccountId> Path =
    [
        AccountId.Of(AccountKind.Tenant, "acme"),
        AccountId.Of(AccountKind.Org, "acme", "eng"),
        AccountId.Of(AccountKind.Team, "acme", "eng", "core"),
        AccountId.Of(AccountKind.User, "acme", "eng", "dev"),
        AccountId.Of(AccountKind.Key, "acme", "eng", "k1"),
        AccountId.Of(AccountKind.Model, "acme", "eng", "gpt-4.1"),
    ];

    public static readonly Attribution Attribution = new("acme.eng.k1", "gpt-4.1", "Europe/Berlin", [new("department", "rnd"), new("project", "p 'quoted\"")]);

    public static DurableHold Hold(IEnumerable<AccountSnapshot> loaded, DateTimeOffset? leaseUntil = null) =>
        Hold([.. loaded.Select(snapshot => new AccountGrant(snapshot.Account, snapshot.Epoch))], leaseUntil);

    public static DurableHold Hold(IReadOnlyList<AccountGrant> grants, DateTimeOffset? leaseUntil = null) => new()
    {
        Id = HoldId.New(Now),
        Grants = grants,
        Worst = new HoldSize(1_000, new NanoUsd(50_000)),
        Expected = new HoldSize(400, new NanoUsd(20_000)),
        Operation = "chat",
        LeaseUntil = leaseUntil ?? Now.AddSeconds(30),
        HeldAt = Now,
        Owner = "silo-1",
        Attribution = Attribution,
    };

    public static Settlement Settle(DurableHold hold, long tokens = 100, long costNano = 7_001) =>
        Settle(hold.Id, [Event(hold.Id, [.. hold.Grants.Select(grant => grant.Account)], 1, tokens, costNano)]);

    public static Settlement Settle(HoldId id, IReadOnlyList<UsageEvent> events) => new(id, events, WindowsOf(events[0].SettledAt));

    /// <summary>What the keeper of an orphan settles: the hold's worst case, no provider.</summary>
    public static Settlement Orphan(DurableHold hold, DateTimeOffset settledAt) => Settle(hold.Id,
    [
        Event(hold.Id, [.. hold.Grants.Select(grant => grant.Account)], 1, hold.Worst.Tokens, hold.Worst.Cost.Value) with
        {
            Estimated = true, Provider = "", ProviderModel = "", SettledAt = settledAt,
        },
    ]);

    public static UsageEvent Event(HoldId id, IReadOnlyList<AccountId> path, int attempt, long tokens, long costNano) => new()
    {
        HoldId = id,
        Attempt = attempt,
        Path = path,
        Attribution = Attribution,
        Operation = "chat",
        Requests = attempt == 1 ? 1 : 0,
        Usage = new TokenUsage { UncachedInput = tokens - (tokens / 2), Output = tokens / 2, Reasoning = tokens / 4 },
        Cost = new NanoUsd(costNano),
        Estimated = false,
        Provider = "openai",
        ProviderModel = "gpt-4.1-2025",
        PriceVersion = "v7",
        Status = 200,
        FailedBy = FailedBy.Nobody,
        Streamed = true,
        StartedAt = Now,
        SettledAt = Now.AddSeconds(1),
        DurationMicros = 1_000_000,
        FirstByteMicros = 250_000,
    };

    public static WindowStarts WindowsOf(DateTimeOffset at) => WindowStarts.At(at, TimeZoneInfo.FindSystemTimeZoneById(Attribution.TimeZone));
}
