using System.Text.Json;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Tests.Directory;

namespace AIOrleans.Core.Tests.Configuration;

public sealed class SecretCanaryTests
{
    private const string Canary = "canary-4711";

    [Theory]
    [InlineData("\"sk-test\"", "\"canary-4711 with space\"")]
    [InlineData("\"sk-test\"", "[\"canary-4711\"]")]
    [InlineData("\"sk-test\"", "{ \"value\": \"canary-4711\" }")]
    [InlineData("\"sk-test\"", "\"env:canary-4711\"")]
    [InlineData("\"sk-test\"", "canary-4711")]
    [InlineData("\"sk-test\"", "tcanary-4711")]
    [InlineData("\"sk-test\"", "'canary-4711'")]
    [InlineData("\"sk-test\"", "\"canary-4711\", \"secret\": \"canary-4711\"")]
    [InlineData("\"env:OPENAI_API_KEY\"", "\"canary-4711\\n\"")]
    [InlineData("\"env:OPENAI_API_KEY\"", "\"canary-4711")]
    [InlineData("\"apiKey\": \"env:OPENAI_API_KEY\"", "\"apiKeys\": [\"canary-4711\", \"canary-4711\"]")]
    [InlineData("\"apiKey\": \"env:OPENAI_API_KEY\"", "\"apiKeys\": [\"canary-4711 \", \"env:canary-4711\", { \"x\": \"canary-4711\" }]")]
    [InlineData("https://api.openai.com/v1", "https://user:canary-4711@host/v1")]
    [InlineData("https://api.openai.com/v1", "canary-4711@host")]
    [InlineData("https://api.openai.com/v1", "https://host/v1?key=canary-4711")]
    public void No_message_shows_a_secret(string part, string replacement)
    {
        IReadOnlyList<string> mistakes = ConfigText.Mistakes(ConfigText.With(part, replacement));

        Assert.DoesNotContain(Canary, string.Join('\n', mistakes), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", string.Join('\n', mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void No_record_holds_a_plain_secret_and_no_entry_formats_one()
    {
        ConfigDeclaration config = ConfigText.Accepted(ConfigText.Whole.Replace("sk-test", Canary, StringComparison.Ordinal)
            .Replace("\"apiKey\": \"env:OPENAI_API_KEY\"", $"\"apiKeys\": [\"{Canary}-provider\", \"{Canary}-2\"]", StringComparison.Ordinal));

        foreach (DirectoryEntry entry in config.Entries)
        {
            Assert.DoesNotContain(Canary, entry.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, DirectoryJson.Write(entry, new TestVault()).Body, StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, JsonSerializer.Serialize<object>(entry), StringComparison.Ordinal);
        }
    }
}
