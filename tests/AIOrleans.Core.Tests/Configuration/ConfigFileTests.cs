using AIOrleans.Core.Accounts;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Tests.Configuration;

public sealed class ConfigFileTests
{
    [Fact]
    public void Reads_the_sample_of_the_documentation()
    {
        ConfigDeclaration config = ConfigText.Accepted(ConfigText.Sample);

        Assert.Equal("sk-openai", config.Providers.Single().ApiKey?.Reveal());
        Assert.Equal("Europe/Berlin", config.Tenants.Single().TimeZone);
        Assert.Equal(new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, 5_000_000_000_000), config.Tenants.Single().Limits.Quotas.Single());
        Assert.Equal(200_000, config.Orgs.Single().Models["gpt-4o"].TokensPerMinute);
        Assert.Equal(("dev", "core", "copilot"), (config.Keys.Single().User, config.Keys.Single().Team, config.Keys.Single().App));
        Assert.Equal("key:acme.eng.k1", config.Keys.Single().Account.ToString());
    }

    [Fact]
    public void Reads_every_property_there_is()
    {
        ConfigDeclaration config = ConfigText.Accepted(ConfigText.Whole);

        Assert.Equal(new ProviderTimeouts(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40)), config.Providers[0].Timeouts);
        Assert.Equal(new SimulationConfig(TimeSpan.FromMilliseconds(20), 50, 64, 1, 2), config.Providers[1].Simulation);
        Assert.Equal(new RouteConfig("openai", "gpt-4o", 3, 1), config.Models.Single().Routes.Single());
        Assert.Equal(1_000_000, PriceOf(config).PerRequest?.Value);
        Assert.Equal(4_000_000, PriceOf(config).CacheWrite1h?.MicroUsdPerMillion);
        TenantConfig tenant = config.Tenants.Single();
        Assert.Equal(new AccessConfig(true, ["gpt-*"], ["us"]), tenant.Access);
        Assert.Equal((7000L, true, StoreOutagePolicy.AllowAndJournal), (tenant.Limits.RequestBurst, tenant.Limits.Adaptive, tenant.Limits.OnStoreOutage));
        Assert.Equal(5_000_123_456_789, tenant.Limits.Quotas[0].Amount);
        Assert.Equal(("chat", QuotaMode.Warn), (tenant.Limits.Quotas[1].Operation, tenant.Limits.Quotas[1].Mode));
        KeyConfig service = config.Keys.Single(key => key.Id == "service");
        Assert.Equal((null, "core"), (service.User, service.Team));
        KeyConfig key = config.Keys.Single(key => key.Id == "k1");
        Assert.Equal(["department", "project"], key.Tags.Select(tag => tag.Key));
        Assert.Equal(new DateTimeOffset(2029, 12, 31, 23, 0, 0, TimeSpan.Zero), key.ExpiresAt);
    }

    [Fact]
    public void Lists_all_mistakes_of_one_file()
    {
        const string Five = """
            {
              // each line below is wrong once
              "providers": [ { "name": "p", "kind": "opnai", "baseUrl": "https://host/v1" } ],
              "models": [ { "name": "m", "routes": [ { "provider": "q", "model": "m" } ], "contextTokensMax": 10, "outputTokensMax": 10 } ],
              "tenants": [ { "id": "acme", "timeZone": "Europe/Berln", "limits": { "tokensPerMinut": 5 },
                "orgs": [ { "id": "eng", "users": [ { "id": "dev", "teams": ["core"] } ] } ] } ],
            }
            """;

        Assert.Equal(
            [
                "$.providers[0].kind: must be one of openai, azure-openai, anthropic, gemini, bedrock, simulated, not 'opnai'. Did you mean 'openai'?",
                "$.models[0].routes[0].provider: names the provider 'q', which does not exist. Did you mean 'p'?",
                "$.tenants[0].timeZone: 'Europe/Berln' is not a known time zone. Use an IANA name such as Europe/Berlin. Did you mean 'Europe/Berlin'?",
                "$.tenants[0].limits.tokensPerMinut: is not a known property. Did you mean 'tokensPerMinute'? "
                    + "Known here: adaptive, concurrent, onStoreOutage, quotas, requestBurst, requestsPerMinute, tokenBurst, tokensPerMinute.",
                "$.tenants[0].orgs[0].users[0].teams[0]: names the team 'core', which does not exist.",
            ],
            ConfigText.Mistakes(Five));
    }

    [Fact]
    public void Allows_an_empty_configuration_with_comments() => Assert.Empty(ConfigText.Accepted("/* nothing yet */ { } // end").Entries);

    [Fact]
    public void Escapes_names_in_account_ids()
    {
        ConfigDeclaration config = ConfigText.Accepted(ConfigText.With("\"id\": \"acme\"", "\"id\": \"Müller & Co.\""));

        Assert.Equal("tenant:%4D%C3%BCller%20%26%20%43o%2E", config.Tenants.Single().Account.ToString());
        Assert.All(config.Keys, key => Assert.True(AccountId.TryParse(key.Account.ToString(), out _)));
    }

    [Fact]
    public void Prices_of_equal_numbers_have_equal_versions()
    {
        string version = Version(ConfigText.Whole);

        Assert.Matches("^p-[0-9a-f]{12}$", version);
        Assert.Equal(version, Version(ConfigText.With("\"inputPerMillion\": 2.5", "\"inputPerMillion\": 2.500")));
        Assert.NotEqual(version, Version(ConfigText.With("\"inputPerMillion\": 2.5", "\"inputPerMillion\": 2.500001")));

        static string Version(string json) => PriceOf(ConfigText.Accepted(json)).Version;
    }

    [Fact]
    public void Bounds_the_list_of_mistakes()
    {
        string json = $"{{ \"tenants\": [ {string.Join(',', Enumerable.Repeat("7", 1500))} ] }}";

        IReadOnlyList<string> mistakes = ConfigText.Mistakes(json);

        Assert.Equal(1001, mistakes.Count);
        Assert.Equal("$: has 500 more mistakes; mend these first.", mistakes[^1]);
    }

    /// <summary>The only price of the only model.</summary>
    private static ModelPrice PriceOf(ConfigDeclaration config) => Assert.Single((config.Models.Single().Price ?? PriceSchedule.Empty).Points).Price;
}
