using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>Configuration of a gateway with one provider: an alias for each of its models, and one more for each way in which it may fail.</summary>
internal static class CellConfig
{
    /// <summary>One request, and then none for a minute.</summary>
    public const string LimitedKey = "sk-test-one-a-minute";

    private static readonly string[] Faults =
    [
        "400", "401", "403", "404", "429", "500", "503", "529", "out-of-quota", "overloads", "keeps-silent", "stalls", "resets-first", "resets", "truncates", "hides-usage", "crawls", "babbles",
    ];

    private static readonly string[] EveryOther = ["429", "500", "503", "529", "resets-first"];

    /// <summary>Other names than the provider's, so that one that was not replaced is noticed.</summary>
    public static ModelNames AliasesOf(ModelNames names) => new("chat", "thinker", names.Embedder is null ? null : "embedder", names.Completer is null ? null : "completer");

    public static string KindOf(ModelWire wire) => wire switch
    {
        ModelWire.Anthropic => "anthropic",
        ModelWire.Gemini => "gemini",
        ModelWire.AzureOpenAi => "azure-openai",
        ModelWire.Bedrock => "bedrock",
        _ => "openai",
    };

    /// <param name="timeouts">JSON of the provider's timeouts.</param>
    public static string Json(ModelWire wire, ModelServer provider, string timeouts = "{}")
    {
        ModelNames names = provider.Names;
        ModelNames aliases = AliasesOf(names);
        List<(string Alias, string? Model)> models = [(aliases.Chat, names.Chat), (aliases.Thinker, names.Thinker)];
        if (aliases.Embedder is { } embedder)
        {
            models.Add((embedder, names.Embedder));
        }

        if (aliases.Completer is { } completer)
        {
            models.Add((completer, names.Completer));
        }

        string[] suffixes = ["", .. Faults.Select(fault => $".fault-{fault}"), .. EveryOther.Select(fault => $".once-{fault}")];

        string version = wire switch
        {
            ModelWire.AzureOpenAi => """, "apiVersion": "2024-10-21" """,
            ModelWire.Bedrock => """, "awsRegion": "us-east-1" """,
            _ => "",
        };
        return $$"""
            {
              "providers": [ { "name": "up", "kind": "{{KindOf(wire)}}", "baseUrl": "{{provider.BaseUrl}}", "apiKey": "{{ModelServer.ApiKey}}"{{version}}, "timeouts": {{timeouts}} } ],
              "models": [ {{string.Join(", ", models.SelectMany(model => suffixes.Select(suffix => Model(model.Alias + suffix, model.Model + suffix))))}} ],
              "tenants": [ { "id": "acme",
                "orgs": [ { "id": "eng",
                  "apps": [ { "id": "copilot" } ],
                  "teams": [ { "id": "core" } ],
                  "users": [ { "id": "dev", "teams": ["core"], "keys": [
                    { "id": "k1", "secret": "{{TestConfig.Key}}", "team": "core", "app": "copilot", "limits": { "requestsPerMinute": 100000, "tokensPerMinute": 100000000 } },
                    { "id": "k2", "secret": "{{LimitedKey}}", "team": "core", "app": "copilot", "limits": { "requestsPerMinute": 1 } } ] } ] } ] } ],
              "admins": [ { "id": "root", "secret": "{{TestConfig.AdminKey}}" } ]
            }
            """;
    }

    private static string Model(string alias, string model) => $$"""
        { "name": "{{alias}}", "routes": [ { "provider": "up", "model": "{{model}}" } ],
          "price": { "inputPerMillion": 1, "cachedInputPerMillion": 0.5, "outputPerMillion": 2 }, "contextTokensMax": 128000, "outputTokensMax": 8000 }
        """;
}
