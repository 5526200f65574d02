using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Processes;

/// <summary>A configuration whose providers are all simulated, for processes and clients that need no upstream.</summary>
internal static class SimulatedConfig
{
    /// <summary>Answers at once.</summary>
    public const string Fast = "sim-1";

    /// <summary>Streams <see cref="SlowTokens"/> tokens in three seconds.</summary>
    public const string Slow = "slow";

    public const int SlowTokens = 60;

    /// <summary>Streams for a minute.</summary>
    public const string Endless = "endless";

    /// <summary>One request at once, and one more each second.</summary>
    public const string LimitedKey = "sk-test-limited";

    /// <summary>Keys <see cref="TestConfig.Key"/> and <see cref="LimitedKey"/> of team core, and <see cref="TestConfig.AdminKey"/>.</summary>
    public static string Json(string teamLimits = "{}", string tenantLimits = "{}") => $$"""
        {
          "providers": [
            { "name": "sim", "kind": "simulated" },
            { "name": "slow", "kind": "simulated", "simulation": { "tokensPerSecond": 20, "outputTokens": {{SlowTokens}} } },
            { "name": "endless", "kind": "simulated", "simulation": { "tokensPerSecond": 10, "outputTokens": 600 } }
          ],
          "models": [ {{Model(Fast, "sim")}}, {{Model(Slow, "slow")}}, {{Model(Endless, "endless")}} ],
          "tenants": [ { "id": "acme", "limits": {{tenantLimits}},
            "orgs": [ { "id": "eng",
              "teams": [ { "id": "core", "limits": {{teamLimits}},
                "keys": [
                  { "id": "k1", "secret": "{{TestConfig.Key}}" },
                  { "id": "k2", "secret": "{{LimitedKey}}", "limits": { "requestsPerMinute": 60, "requestBurst": 1 } } ] } ] } ] } ],
          "admins": [ { "id": "root", "secret": "{{TestConfig.AdminKey}}" } ]
        }
        """;

    private static string Model(string name, string provider) => $$"""
        { "name": "{{name}}", "routes": [ { "provider": "{{provider}}", "model": "{{name}}" } ],
          "price": { "inputPerMillion": 1, "outputPerMillion": 2 }, "contextTokensMax": 128000, "outputTokensMax": 1000 }
        """;
}
