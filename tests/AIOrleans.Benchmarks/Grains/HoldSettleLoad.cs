using System.Collections.Immutable;
using System.Globalization;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Benchmarks.Grains;

/// <summary>A tenant with budgets, rates and slots everywhere, wide enough for any benchmark; eight keys to a user, two users to a team.</summary>
internal sealed class HoldSettleLoad : IDirectory
{
    private static readonly LimitsConfig Limits = new()
    {
        RequestsPerMinute = LimitsConfig.RateMax,
        TokensPerMinute = LimitsConfig.RateMax,
        Concurrent = 1_000_000,
        Quotas = [new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, long.MaxValue / 4), new QuotaConfig(QuotaMetric.Requests, QuotaPeriod.Day, long.MaxValue / 4)],
    };

    private readonly ImmutableArray<AccountId>[] paths;
    private readonly Attribution[] attributions;

    public HoldSettleLoad(int keyCount)
    {
        paths = [.. Enumerable.Range(0, keyCount).Select(PathOf)];
        attributions = [.. Enumerable.Range(0, keyCount).Select(key => new Attribution(
            $"acme.eng.k{key}", "gpt-4o", "Europe/Berlin", [new("department", "rnd"), new("project", key.ToString(CultureInfo.InvariantCulture))]))];
        Current = SnapshotOf(keyCount);
    }

    public DirectorySnapshot Current { get; }

    public HoldCommand HoldOf(int key, DateTimeOffset now) => new()
    {
        Id = HoldId.New(now),
        Path = paths[key],
        Operation = "chat",
        Worst = new HoldSize(5_000, new NanoUsd(1_000_000)),
        Expected = new HoldSize(800, new NanoUsd(200_000)),
        Attribution = attributions[key],
    };

    public SettleCommand SettleOf(HoldCommand hold, DateTimeOffset now) => new(hold.Id, [new UsageEvent
    {
        HoldId = hold.Id,
        Attempt = 1,
        Path = hold.Path,
        Attribution = hold.Attribution,
        Operation = hold.Operation,
        Requests = 1,
        Usage = new() { UncachedInput = 420, Output = 133 },
        Cost = new NanoUsd(137_500),
        Estimated = false,
        Provider = "openai",
        ProviderModel = "gpt-4o-2024-08-06",
        PriceVersion = "v1",
        Status = 200,
        FailedBy = FailedBy.Nobody,
        Streamed = true,
        StartedAt = now,
        SettledAt = now,
        DurationMicros = 900_000,
        FirstByteMicros = 220_000,
    }]);

    private static ImmutableArray<AccountId> PathOf(int key) =>
    [
        AccountId.Of(AccountKind.Tenant, "acme"), AccountId.Of(AccountKind.Org, "acme", "eng"), AccountId.Of(AccountKind.Team, "acme", "eng", $"t{key / 16}"),
        AccountId.Of(AccountKind.User, "acme", "eng", $"u{key / 8}"), AccountId.Of(AccountKind.Key, "acme", "eng", $"k{key}"),
        AccountId.Of(AccountKind.Model, "acme", "eng", key % 2 == 0 ? "gpt-4o" : "claude"),
    ];

    private static DirectorySnapshot SnapshotOf(int keyCount)
    {
        AccessConfig access = AccessConfig.Default;
        var models = new Dictionary<string, LimitsConfig> { ["gpt-4o"] = Limits, ["claude"] = Limits };
        DirectorySnapshot empty = DirectorySnapshot.Empty;
        return empty with
        {
            Tenants = empty.Tenants.Add("acme", new TenantConfig("acme", "Europe/Berlin", Limits, access)),
            Orgs = empty.Orgs.Add("acme.eng", new OrgConfig("acme", "eng", Limits, access, models)),
            Teams = empty.Teams.AddRange(Each(keyCount / 16 + 1, i => ($"acme.eng.t{i}", new TeamConfig("acme", "eng", $"t{i}", Limits, access)))),
            Users = empty.Users.AddRange(Each(keyCount / 8 + 1, i => ($"acme.eng.u{i}", new UserConfig("acme", "eng", $"u{i}", [], Limits, access)))),
            Keys = empty.Keys.AddRange(Each(
                keyCount, i => ($"acme.eng.k{i}", new KeyConfig("acme", "eng", $"k{i}", null, null, null, "", [], Limits, access, null, false)))),
        };
    }

    private static IEnumerable<KeyValuePair<string, T>> Each<T>(int count, Func<int, (string Id, T Record)> make) =>
        Enumerable.Range(0, count).Select(make).Select(made => KeyValuePair.Create(made.Id, made.Record));
}
