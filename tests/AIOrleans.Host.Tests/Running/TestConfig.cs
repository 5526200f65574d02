namespace AIOrleans.Host.Tests.Running;

/// <summary>Configuration files for tests: one tenant with everything below it, and providers at given addresses.</summary>
internal static class TestConfig
{
    public const string Key = "sk-test-key";

    public const string OtherKey = "sk-test-other";

    public const string RevokedKey = "sk-test-revoked";

    public const string AdminKey = "sk-test-admin";

    /// <param name="upstream">Base URL of provider <c>up</c>.</param>
    /// <param name="second">Base URL of provider <c>spare</c>, which <c>gpt-4o</c> fails over to; null: no such route.</param>
    /// <param name="limits">JSON of limits by account kind: <c>tenant</c>, <c>team</c>, <c>app</c>, <c>user</c>, <c>key</c>.</param>
    public static string Json(Uri upstream, Uri? second = null, IReadOnlyDictionary<string, string>? limits = null, string timeouts = "{}")
    {
        string Limits(string kind) => limits?.GetValueOrDefault(kind) ?? "{}";
        string spareProvider = second is null ? "" : $$""", { "name": "spare", "kind": "openai", "baseUrl": "{{second}}", "apiKey": "sk-spare", "timeouts": {{timeouts}} }""";
        string spareRoute = second is null ? "" : """, { "provider": "spare", "model": "spare-model", "weight": 1, "priority": 1 }""";
        return $$"""
            {
              // Comments and trailing commas are allowed.
              "providers": [
                { "name": "up", "kind": "openai", "baseUrl": "{{upstream}}", "apiKey": "sk-upstream-canary", "region": "eu", "timeouts": {{timeouts}} },
                { "name": "sim", "kind": "simulated" }{{spareProvider}}
              ],
              "models": [
                { "name": "gpt-4o", "routes": [ { "provider": "up", "model": "up-model", "weight": 1 }{{spareRoute}} ],
                  "price": { "inputPerMillion": 2.50, "cachedInputPerMillion": 1.25, "outputPerMillion": 10.00 },
                  "contextTokensMax": 128000, "outputTokensMax": 1000 },
                { "name": "sim-1", "routes": [ { "provider": "sim", "model": "sim-1", "weight": 1 } ],
                  "price": { "inputPerMillion": 1, "outputPerMillion": 2 }, "contextTokensMax": 128000, "outputTokensMax": 1000 },
                { "name": "free", "routes": [ { "provider": "sim", "model": "free", "weight": 1 } ], "contextTokensMax": 1000, "outputTokensMax": 100 },
                { "name": "secret", "routes": [ { "provider": "sim", "model": "secret", "weight": 1 } ], "price": { "inputPerMillion": 1, "outputPerMillion": 2 },
                  "contextTokensMax": 1000, "outputTokensMax": 100 },
              ],
              "tenants": [ { "id": "acme", "timeZone": "Europe/Berlin", "limits": {{Limits("tenant")}},
                "orgs": [ { "id": "eng", "allowedModels": [ "gpt-4o", "sim-*", "free" ],
                  "apps": [ { "id": "copilot", "limits": {{Limits("app")}} } ],
                  "teams": [ { "id": "core", "limits": {{Limits("team")}} } ],
                  "users": [ { "id": "dev", "teams": ["core"], "limits": {{Limits("user")}},
                    "keys": [
                      { "id": "k1", "secret": "{{Key}}", "team": "core", "app": "copilot", "tags": { "department": "rnd" }, "limits": {{Limits("key")}} },
                      { "id": "k2", "secret": "{{OtherKey}}", "team": "core" },
                      { "id": "k3", "secret": "{{RevokedKey}}", "revoked": true } ] } ] } ] } ],
              "admins": [ { "id": "root", "secret": "{{AdminKey}}" } ],
            }
            """;
    }
}
