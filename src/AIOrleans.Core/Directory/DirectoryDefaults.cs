using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>What a first start without a configuration file creates, so that the first call works with no provider and no network.</summary>
public static class DirectoryDefaults
{
    public const string Tenant = "demo";

    public const string Org = "main";

    public const string Model = "sim-1";

    private const string Team = "core";

    private const string User = "dev";

    private const string App = "playground";

    private const string Provider = "simulated";

    /// <summary>Records of tenant <c>demo</c> with everything below it, a simulated provider with a priced model, and an admin.</summary>
    /// <param name="keySecret">What applications call with.</param>
    /// <param name="adminSecret">What the management API is called with.</param>
    public static IReadOnlyList<DirectoryRecord> Records(Secret keySecret, Secret adminSecret, ISecretVault vault)
    {
        DirectoryEntry[] entries =
        [
            new ProviderConfig(Provider, "simulated", BaseUrl: null, ApiKey: null, Region: null, ProviderTimeouts.Default, SimulationConfig.Default),
            SimulatedModel(),
            new TenantConfig(Tenant, TimeZoneJson.Default, new LimitsConfig { RequestsPerMinute = 6000 }, AccessConfig.Default),
            new OrgConfig(Tenant, Org, LimitsConfig.None, AccessConfig.Default, new Dictionary<string, LimitsConfig>(StringComparer.Ordinal)),
            new TeamConfig(Tenant, Org, Team, new LimitsConfig { TokensPerMinute = 200_000 }, AccessConfig.Default),
            new AppConfig(Tenant, Org, App, new LimitsConfig { Quotas = [MonthlyBudget(50)] }, AccessConfig.Default),
            new UserConfig(Tenant, Org, User, [Team], LimitsConfig.None, AccessConfig.Default),
            DemoKey(vault.HashKey(keySecret.Reveal())),
            new AdminConfig("admin", vault.HashKey(adminSecret.Reveal())),
        ];

        // As if a file had made them: a configuration file applied later replaces the demo, its well-known key included.
        return [.. entries.Select(entry => DirectoryJson.Write(entry with { Origin = RecordOrigin.File }, vault))];
    }

    private static KeyConfig DemoKey(string hash) => new(
        Tenant, Org, "demo", User, Team, App, hash, Tags: [],
        new LimitsConfig { RequestsPerMinute = 600 }, AccessConfig.Default, ExpiresAt: null, Revoked: false);

    private static ModelConfig SimulatedModel()
    {
        var price = new ModelPrice
        {
            Version = "",
            Input = new TokenPrice(500_000),
            CachedInput = new TokenPrice(250_000),
            Output = new TokenPrice(1_500_000),
        };
        price = price with { Version = PriceJson.VersionOf(price) };
        return new ModelConfig(Model, [new RouteConfig(Provider, Model, 1, 0)], price, AllowUnpriced: false, ContextTokensMax: 128_000, OutputTokensMax: 4096);
    }

    private static QuotaConfig MonthlyBudget(long usd) => new(QuotaMetric.Cost, QuotaPeriod.Month, NanoUsd.FromUsd(usd).Value);
}
