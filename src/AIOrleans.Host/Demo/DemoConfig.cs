using System.Globalization;

namespace AIOrleans.Host.Demo;

/// <summary>A team of the tour, and the key that its application calls with.</summary>
internal sealed record DemoCaller(string Team, string Key)
{
    /// <summary>The team's id, as bills name it.</summary>
    public string TeamId => $"{DemoConfig.Org}.{Team}";

    /// <summary>The team's account, as denials name it.</summary>
    public string Account => $"team:{TeamId}";
}

/// <summary>What the tour's gateway is configured with: the same file that anybody would write.</summary>
internal static class DemoConfig
{
    public const string Org = "acme.eng";

    public const string AdminKey = "sk-demo-admin";

    /// <summary>A model with one healthy deployment.</summary>
    public const string Assistant = "assistant";

    /// <summary>A model whose first deployment always fails.</summary>
    public const string Resilient = "resilient";

    public const string HealthyProvider = "north";

    public const string FailingProvider = "south";

    public const decimal TrialBudgetUsd = 0.0075m;

    public const int BatchBurst = 2;

    private const decimal InputUsdPerMillion = 5m;
    private const decimal OutputUsdPerMillion = 25m;

    public static readonly DemoCaller Web = new("web", "sk-demo-web");

    public static readonly DemoCaller Batch = new("batch", "sk-demo-batch");

    public static readonly DemoCaller Trial = new("trial", "sk-demo-trial");

    /// <summary>What a call costs by the price list below, in dollars, exact.</summary>
    public static decimal CostUsd(long inputTokens, long outputTokens) =>
        ((inputTokens * InputUsdPerMillion) + (outputTokens * OutputUsdPerMillion)) / 1_000_000m;

    public static string Json() => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "providers": [
            { "name": "{{FailingProvider}}", "kind": "simulated", "simulation": { "errorsPerMille": 1000 } },
            { "name": "{{HealthyProvider}}", "kind": "simulated", "simulation": { "latencyMs": 150, "tokensPerSecond": 30, "outputTokens": 200 } }
          ],
          "models": [
            { "name": "{{Assistant}}", "routes": [ { "provider": "{{HealthyProvider}}", "model": "assistant-large" } ],
              "price": { "inputPerMillion": {{InputUsdPerMillion}}, "outputPerMillion": {{OutputUsdPerMillion}} },
              "contextTokensMax": 128000, "outputTokensMax": 4096 },
            { "name": "{{Resilient}}",
              "routes": [ { "provider": "{{FailingProvider}}", "model": "assistant-large", "priority": 0 },
                          { "provider": "{{HealthyProvider}}", "model": "assistant-large", "priority": 1 } ],
              "price": { "inputPerMillion": {{InputUsdPerMillion}}, "outputPerMillion": {{OutputUsdPerMillion}} },
              "contextTokensMax": 128000, "outputTokensMax": 4096 }
          ],
          "tenants": [ { "id": "acme", "timeZone": "UTC",
            "orgs": [ { "id": "eng",
              "teams": [
                { "id": "{{Web.Team}}", "keys": [ { "id": "web-app", "secret": "{{Web.Key}}" } ],
                  "limits": { "requestsPerMinute": 600, "tokensPerMinute": 100000,
                              "quotas": [ { "metric": "cost", "period": "month", "amount": 50, "mode": "strict" } ] } },
                { "id": "{{Batch.Team}}", "keys": [ { "id": "batch-job", "secret": "{{Batch.Key}}" } ],
                  "limits": { "requestsPerMinute": 15, "requestBurst": {{BatchBurst}} } },
                { "id": "{{Trial.Team}}", "keys": [ { "id": "trial-app", "secret": "{{Trial.Key}}" } ],
                  "limits": { "quotas": [ { "metric": "cost", "period": "month", "amount": {{TrialBudgetUsd}}, "mode": "strict" } ] } }
              ] } ] } ],
          "admins": [ { "id": "guide", "secret": "{{AdminKey}}" } ]
        }
        """);
}
