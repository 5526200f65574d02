using System.Text.Json;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Tests.Directory;

namespace AIOrleans.Core.Tests.Configuration;

public sealed class ProviderJsonTests
{
    /// <summary>The example of docs/configuration.md: whoever copies it must not meet a mistake.</summary>
    private const string Example = """
        "providers": [
          { "name": "openai", "kind": "openai", "apiKey": "env:OPENAI_API_KEY" },
          { "name": "vllm", "kind": "openai", "baseUrl": "http://gpu-1:8000/v1", "dialect": { "usesMaxTokens": true } },
          { "name": "azure", "kind": "azure-openai", "baseUrl": "https://my-resource.openai.azure.com/openai/v1", "apiKey": "env:AZURE_KEY", "region": "eu" },
          { "name": "azure-old", "kind": "azure-openai", "baseUrl": "https://my-resource.openai.azure.com", "apiVersion": "2024-10-21", "apiKey": "env:AZURE_KEY" },
          { "name": "anthropic", "kind": "anthropic", "apiKey": "env:ANTHROPIC_API_KEY", "dialect": { "thinksAdaptively": ["claude-opus-4-7*"] } },
          { "name": "gemini", "kind": "gemini", "apiKeys": ["env:GEMINI_KEY_A", "env:GEMINI_KEY_B"] },
          { "name": "bedrock", "kind": "bedrock", "awsRegion": "eu-central-1", "accessKeyId": "env:AWS_ACCESS_KEY_ID", "secretAccessKey": "env:AWS_SECRET_ACCESS_KEY", "region": "eu" },
          { "name": "sim", "kind": "simulated", "simulation": { "latencyMs": 200 } }
        ]
        """;

    [Theory]
    [InlineData("""{ "name": "p", "kind": "openai", "apiKey": "k" }""")]
    [InlineData("""{ "name": "p", "kind": "openai", "baseUrl": "http://localhost:11434/v1", "dialect": { "usesMaxTokens": true } }""")]
    [InlineData("""{ "name": "p", "kind": "azure-openai", "baseUrl": "https://r.openai.azure.com/openai/v1", "apiKey": "k" }""")]
    [InlineData("""{ "name": "p", "kind": "azure-openai", "baseUrl": "https://r.openai.azure.com/openai/v1/", "apiKey": "k", "apiVersion": "preview" }""")]
    [InlineData("""{ "name": "p", "kind": "azure-openai", "baseUrl": "https://r.openai.azure.com", "apiKey": "k", "apiVersion": "2025-04-01-preview" }""")]
    [InlineData("""{ "name": "p", "kind": "anthropic", "apiKey": "k", "dialect": { "thinksAdaptively": ["claude-opus-4-7*"] } }""")]
    [InlineData("""{ "name": "p", "kind": "anthropic", "baseUrl": "https://proxy.local" }""")]
    [InlineData("""{ "name": "p", "kind": "gemini", "apiKey": "k" }""")]
    [InlineData("""{ "name": "p", "kind": "bedrock", "awsRegion": "us-east-1", "apiKey": "k" }""")]
    [InlineData("""{ "name": "p", "kind": "bedrock", "awsRegion": "us-gov-west-1", "accessKeyId": "i", "secretAccessKey": "k", "baseUrl": "https://vpce-1.example" }""")]
    [InlineData("""{ "name": "p", "kind": "bedrock", "awsRegion": "eu-central-1", "accessKeyId": "i", "secretAccessKey": "k", "sessionToken": "t", "dialect": { "thinksAdaptively": true } }""")]
    public void A_provider_survives_being_stored(string json)
    {
        ProviderConfig provider = ProviderOf(json);

        var read = Assert.IsType<ProviderConfig>(DirectoryJson.Read(DirectoryJson.Write(provider, new TestVault()), new TestVault()));

        using JsonDocument written = JsonDocument.Parse(json);
        Assert.Equal(written.RootElement.GetProperty("kind").GetString(), read.Kind);
        Assert.Equal(DirectoryJson.BodyOf(provider, secret => secret.Reveal()), DirectoryJson.BodyOf(read, secret => secret.Reveal()));
        Assert.Equal((provider.ApiVersion, provider.Dialect.UsesMaxTokens), (read.ApiVersion, read.Dialect.UsesMaxTokens));
        Assert.Equal(provider.Dialect.AdaptiveModels, read.Dialect.AdaptiveModels);
    }

    [Fact]
    public void Several_keys_are_stored_sealed_each_and_a_change_of_one_is_a_change()
    {
        ProviderConfig provider = ProviderOf("""{ "name": "p", "kind": "gemini", "apiKeys": ["env:OPENAI_API_KEY", "sk-b"] }""");
        DirectoryRecord record = DirectoryJson.Write(provider, new TestVault());

        var read = Assert.IsType<ProviderConfig>(DirectoryJson.Read(record, new TestVault()));

        Assert.Null(read.ApiKey);
        Assert.Equal(["sk-openai", "sk-b"], read.Credentials.Select(key => key.Reveal()));
        Assert.DoesNotContain("sk-", record.Body, StringComparison.Ordinal);
        TestDirectory directory = TestDirectory.Of($"{{ {Providers("\"sk-a\", \"sk-b\"")} }}");
        Assert.Empty(directory.ApplyFile($"{{ {Providers("\"sk-a\", \"sk-b\"")} }}"));
        Assert.Single(directory.ApplyFile($"{{ {Providers("\"sk-a\", \"sk-c\"")} }}"));
        Assert.Single(directory.ApplyFile($"{{ {Providers("\"sk-b\", \"sk-a\"")} }}"));
    }

    [Fact]
    public void A_single_key_is_the_only_credential()
    {
        Assert.Equal(["k"], ProviderOf("""{ "name": "p", "kind": "gemini", "apiKey": "k" }""").Credentials.Select(key => key.Reveal()));
        Assert.Empty(ProviderOf("""{ "name": "p", "kind": "openai", "baseUrl": "http://localhost/v1" }""").Credentials);
    }

    [Theory]
    [InlineData("true", true, true)]
    [InlineData("false", false, false)]
    [InlineData("[]", false, false)]
    [InlineData("""["claude-opus-4-7*", "claude-x"]""", true, false)]
    public void Models_that_think_adaptively_are_told_by_name(string value, bool opus, bool haiku)
    {
        ProviderDialect dialect = ProviderOf($$"""{ "name": "p", "kind": "anthropic", "apiKey": "k", "dialect": { "thinksAdaptively": {{value}} } }""").Dialect;

        Assert.Equal((opus, haiku), (dialect.ThinksAdaptively("claude-opus-4-7-20270101"), dialect.ThinksAdaptively("claude-haiku-4-5")));
        Assert.Equal(value == "true", dialect.ThinksAdaptively("claude-x-2"));
    }

    [Fact]
    public void The_companies_own_addresses_have_a_version() =>
        Assert.Equal(
            ["openai https://api.openai.com/v1", "anthropic https://api.anthropic.com/v1", "gemini https://generativelanguage.googleapis.com/v1beta"],
            ProviderKinds.All.Where(kind => ProviderKinds.HomeOf(kind) is not null).Select(kind => $"{kind} {ProviderKinds.HomeOf(kind)}"));

    [Fact]
    public void The_example_has_every_kind()
    {
        var accepted = Assert.IsType<ConfigResult.Accepted>(ConfigFile.Read($"{{ {Example} }}", name => "sk-" + name, new TestVault().HashKey));

        Assert.Equal(ProviderKinds.All, accepted.Config.Providers.Select(provider => provider.Kind).Distinct());
    }

    private static string Providers(string keys) => $$"""
        "providers": [ { "name": "p", "kind": "gemini", "apiKeys": [{{keys}}] } ]
        """;

    [Theory]
    [InlineData(""" "apiKey": "k" """, "$.providers[0].awsRegion: is missing: name the region whose models are called, such as eu-central-1.")]
    [InlineData(""" "apiKey": "k", "awsRegion": "eu.central" """, "$.providers[0].awsRegion: must be a region of AWS such as eu-central-1.")]
    [InlineData(""" "apiKey": "k", "awsRegion": "a/../b" """, "$.providers[0].awsRegion: must be a region of AWS such as eu-central-1.")]
    [InlineData(""" "apiKey": "k", "awsRegion": "" """, "$.providers[0].awsRegion: must be a region of AWS such as eu-central-1.")]
    [InlineData(""" "awsRegion": "r" """, "$.providers[0].accessKeyId: is missing: Bedrock takes no calls without accessKeyId and secretAccessKey, or apiKey.")]
    [InlineData(""" "awsRegion": "r", "accessKeyId": "i" """, "$.providers[0].secretAccessKey: is missing: accessKeyId and secretAccessKey go together.")]
    [InlineData(""" "awsRegion": "r", "secretAccessKey": "k" """, "$.providers[0].accessKeyId: is missing: accessKeyId and secretAccessKey go together.")]
    [InlineData(""" "awsRegion": "r", "apiKey": "k", "sessionToken": "t" """, "$.providers[0].sessionToken: needs accessKeyId and secretAccessKey.")]
    [InlineData(""" "awsRegion": "r", "accessKeyId": "env:NOT_SET", "secretAccessKey": "k" """, "$.providers[0].accessKeyId: names the environment variable NOT_SET, which is not set.")]
    [InlineData(
        """ "awsRegion": "r", "apiKey": "k", "accessKeyId": "i", "secretAccessKey": "k" """,
        "$.providers[0].apiKey: must be left out beside accessKeyId and secretAccessKey: calls are made with one or the other.")]
    public void Mistakes_in_the_credentials_of_aws_are_told_by_their_path(string members, string mistake) =>
        Assert.Equal([mistake], ConfigText.Mistakes($$"""{ "providers": [ { "name": "p", "kind": "bedrock", {{members}} } ] }"""));

    [Theory]
    [InlineData("awsRegion", "r")]
    [InlineData("accessKeyId", "i")]
    [InlineData("secretAccessKey", "k")]
    [InlineData("sessionToken", "t")]
    public void Other_kinds_have_no_credentials_of_aws(string property, string value) => Assert.Equal(
        [$"$.providers[0].{property}: needs \"kind\": \"bedrock\"."],
        ConfigText.Mistakes($$"""{ "providers": [ { "name": "p", "kind": "openai", "apiKey": "k", "{{property}}": "{{value}}" } ] }"""));

    [Fact]
    public void Credentials_of_aws_are_stored_sealed()
    {
        ProviderConfig provider = ProviderOf("""{ "name": "p", "kind": "bedrock", "awsRegion": "r", "accessKeyId": "canary-i", "secretAccessKey": "canary-k", "sessionToken": "canary-t" }""");

        Assert.DoesNotContain("canary", DirectoryJson.Write(provider, new TestVault()).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", provider.ToString(), StringComparison.Ordinal);
        Assert.Equal("canary-k", provider.Aws?.Credentials?.SecretAccessKey.Reveal());
    }

    private static ProviderConfig ProviderOf(string json) => ConfigText.Accepted($$"""{ "providers": [ {{json}} ] }""").Providers.Single();
}
