using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Chaos.Company;

/// <summary>The gateway's configuration file for a company, at a time of the run.</summary>
internal static class ConfigText
{
    private const decimal NanoPerUsd = 1_000_000_000m;
    private const decimal PicoPerUsdPerMillion = 1_000_000m;

    public static string Of(TestCompany company, Uri provider, long elapsedSeconds)
    {
        JsonObject Limits(string id) => LimitsOf(company.AccountOf(id), elapsedSeconds);
        var root = new JsonObject
        {
            ["providers"] = Array("north", "south", name => ProviderOf(name, provider)),
            ["models"] = new JsonArray([.. ChatModel.All.Select(ModelOf)]),
            ["tenants"] = new JsonArray(new JsonObject
            {
                ["id"] = "acme",
                ["timeZone"] = TestCompany.TimeZone,
                ["limits"] = Limits("tenant:acme"),
                ["orgs"] = Array(TestCompany.Orgs, org => OrgOf(org, Limits)),
            }),
            ["admins"] = new JsonArray(new JsonObject { ["id"] = "chaos", ["secret"] = TestCompany.AdminSecret }),
        };
        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static JsonObject ProviderOf(string name, Uri address) => new()
    {
        ["name"] = name,
        ["kind"] = "openai",
        ["baseUrl"] = new Uri(address, $"/{name}/v1").ToString(),
        ["timeouts"] = new JsonObject
        {
            ["connectSeconds"] = 3,
            ["firstByteSeconds"] = Timeouts.FirstByte.TotalSeconds,
            ["idleSeconds"] = Timeouts.Idle.TotalSeconds,
        },
    };

    private static JsonObject ModelOf(ChatModel model) => new()
    {
        ["name"] = model.Name,
        ["routes"] = Array("north", "south", name => new JsonObject { ["provider"] = name, ["model"] = $"{model.Name}-{name}", ["weight"] = 1 }),
        ["price"] = new JsonObject
        {
            ["inputPerMillion"] = model.Price.Input / PicoPerUsdPerMillion,
            ["cachedInputPerMillion"] = model.Price.Cached / PicoPerUsdPerMillion,
            ["outputPerMillion"] = model.Price.Output / PicoPerUsdPerMillion,
        },
        ["contextTokensMax"] = 128_000,
        ["outputTokensMax"] = 1_000,
    };

    private static JsonObject OrgOf(int org, Func<string, JsonObject> limits) => new()
    {
        ["id"] = $"o{org}",
        ["limits"] = limits($"org:acme.o{org}"),
        ["models"] = new JsonArray([.. ChatModel.All.Select(model => new JsonObject { ["model"] = model.Name, ["limits"] = limits($"model:acme.o{org}.{model.Name}") })]),
        ["apps"] = new JsonArray([.. Enumerable.Range(0, TestCompany.Apps).Where(app => TestCompany.OrgOfApp(app) == $"o{org}")
            .Select(app => new JsonObject { ["id"] = $"a{app}", ["limits"] = limits($"app:acme.o{org}.a{app}") })]),
        ["teams"] = Array(TestCompany.TeamsPerOrg, team => new JsonObject { ["id"] = $"t{team}", ["limits"] = limits($"team:acme.o{org}.t{team}") }),
        ["users"] = Array(TestCompany.UsersPerOrg, user => new JsonObject
        {
            ["id"] = $"u{user}",
            ["teams"] = new JsonArray($"t{TestCompany.TeamOfUser(user)}"),
            ["limits"] = limits($"user:acme.o{org}.u{user}"),
            ["keys"] = new JsonArray([.. Enumerable.Range(0, TestCompany.KeysPerOrg).Where(key => TestCompany.UserOfKey(key) == user)
                .Select(key => KeyOf(org, key, user, limits))]),
        }),
    };

    private static JsonObject KeyOf(int org, int key, int user, Func<string, JsonObject> limits) => new()
    {
        ["id"] = $"k{key}",
        ["secret"] = $"sk-chaos-o{org}-k{key}",
        ["team"] = $"t{TestCompany.TeamOfUser(user)}",
        ["app"] = $"a{TestCompany.AppOfKey(org, key)}",
        ["limits"] = limits($"key:acme.o{org}.k{key}"),
    };

    private static JsonObject LimitsOf(Account account, long elapsedSeconds)
    {
        var limits = new JsonObject
        {
            ["quotas"] = new JsonArray([.. account.Quotas.Select(quota => new JsonObject
            {
                ["metric"] = quota.Metric.ToString().ToLowerInvariant(),
                ["period"] = quota.Period,
                ["amount"] = quota.Metric == Metric.Cost ? quota.AmountAt(elapsedSeconds) / NanoPerUsd : (decimal)quota.AmountAt(elapsedSeconds),
                ["mode"] = "strict",
            })]),
        };
        if (account.Concurrent is { } concurrent)
        {
            limits["concurrent"] = concurrent;
        }

        return limits;
    }

    private static JsonArray Array(int count, Func<int, JsonObject> item) => new([.. Enumerable.Range(0, count).Select(item)]);

    private static JsonArray Array(string first, string second, Func<string, JsonObject> item) => new(item(first), item(second));
}
