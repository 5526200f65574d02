using AIOrleans.Core.Configuration;
using AIOrleans.Core.Tests.Directory;

namespace AIOrleans.Core.Tests.Configuration;

/// <summary>Texts of configuration files and short ways to read them.</summary>
internal static class ConfigText
{
    /// <summary>Valid, with one of everything; tests spoil one place of it.</summary>
    public const string Whole = """
        {
          "providers": [ { "name": "openai", "kind": "openai", "baseUrl": "https://api.openai.com/v1", "apiKey": "env:OPENAI_API_KEY", "region": "us",
                           "timeouts": { "connectSeconds": 2.5, "firstByteSeconds": 30, "idleSeconds": 40 } },
                         { "name": "sim", "kind": "simulated",
                           "simulation": { "latencyMs": 20, "tokensPerSecond": 50, "outputTokens": 64, "errorsPerMille": 1, "stallsPerMille": 2 } } ],
          "models": [ { "name": "gpt-4o", "routes": [ { "provider": "openai", "model": "gpt-4o", "weight": 3, "priority": 1 } ], "unpriced": "deny",
                        "price": { "inputPerMillion": 2.5, "cachedInputPerMillion": 1.25, "outputPerMillion": 10, "cacheWrite5mPerMillion": 3,
                                   "cacheWrite1hPerMillion": 4, "audioInputPerMillion": 40, "audioOutputPerMillion": 80, "perRequest": 0.001 },
                        "contextTokensMax": 128000, "outputTokensMax": 16384 } ],
          "tenants": [ { "id": "acme", "timeZone": "Europe/Berlin", "active": true, "allowedModels": ["gpt-*"], "allowedRegions": ["us"],
            "limits": { "requestsPerMinute": 6000, "requestBurst": 7000, "adaptive": true, "onStoreOutage": "allow-and-journal",
                        "quotas": [ { "metric": "cost", "period": "month", "amount": 5000.123456789, "mode": "strict" },
                                    { "metric": "operations", "operation": "chat", "period": "day", "amount": 10, "mode": "warn" } ] },
            "orgs": [ { "id": "eng", "models": [ { "model": "gpt-4o", "limits": { "tokensPerMinute": 200000 } } ],
              "apps": [ { "id": "copilot" } ],
              "teams": [ { "id": "core", "limits": { "tokensPerMinute": 100000, "tokenBurst": 200000 },
                           "keys": [ { "id": "service", "secret": "sk-service" } ] } ],
              "users": [ { "id": "dev", "teams": ["core"], "limits": { "concurrent": 8 },
                "keys": [ { "id": "k1", "secret": "sk-test", "team": "core", "app": "copilot", "tags": { "project": "p1", "department": "rnd" },
                            "expiresAt": "2030-01-01T00:00:00+01:00", "revoked": false } ] } ] } ] } ],
          "admins": [ { "id": "root", "secret": "env:ADMIN_KEY" } ]
        }
        """;

    public static string Sample
    {
        get
        {
            // ! The project file embeds it.
            using var reader = new StreamReader(typeof(ConfigText).Assembly.GetManifestResourceStream("sample.jsonc")!);
            return reader.ReadToEnd();
        }
    }

    /// <summary><see cref="Whole"/> with the only <paramref name="part"/> replaced.</summary>
    public static string With(string part, string replacement)
    {
        Assert.Equal(2, Whole.Split(part).Length);
        return Whole.Replace(part, replacement, StringComparison.Ordinal);
    }

    public static ConfigResult Read(string json) => ConfigFile.Read(json, Environment, new TestVault().HashKey);

    public static ConfigDeclaration Accepted(string json)
    {
        ConfigResult result = Read(json);
        Assert.True(result is ConfigResult.Accepted, result is ConfigResult.Refused refused ? string.Join('\n', refused.Mistakes) : "");
        return ((ConfigResult.Accepted)result).Config;
    }

    public static IReadOnlyList<string> Mistakes(string json) =>
        [.. Assert.IsType<ConfigResult.Refused>(Read(json)).Mistakes.Select(mistake => mistake.ToString())];

    public static string? Environment(string name) => name switch
    {
        "OPENAI_API_KEY" => "sk-openai",
        "ADMIN_KEY" => "sk-admin",
        "EMPTY" => "",
        "WITH_NEWLINE" => "sk-canary-env\n",
        _ => null,
    };
}
