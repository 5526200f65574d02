using System.Text;
using System.Text.Json;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Configuration;

public sealed class LimitsJsonTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"onStoreOutage":"deny"}""")]
    [InlineData("""{"requestsPerMinute":60,"requestBurst":90,"tokensPerMinute":1000,"tokenBurst":2000,"concurrent":8,"adaptive":true,"onStoreOutage":"allow-and-journal"}""")]
    [InlineData("""{"quotas":[{"metric":"cost","period":"month","amount":0.000000001,"mode":"strict"}]}""")]
    [InlineData("""{"quotas":[{"metric":"cost","period":"total","amount":1000000000,"mode":"expected"},{"metric":"operations","period":"day","amount":5,"mode":"shadow","operation":"chat"}]}""")]
    [InlineData("""{"quotas":[{"metric":"cost","period":"month","amount":5,"mode":"expected","cutOff":true}]}""")]
    [InlineData("""{"quotas":[{"metric":"tokens","period":"week","amount":100,"mode":"strict"},{"metric":"tokens","period":"week","amount":80,"mode":"warn"}]}""")]
    public void Writes_what_it_reads(string json)
    {
        (LimitsConfig limits, IReadOnlyList<ConfigMistake> mistakes) = Read(json);

        Assert.Empty(mistakes);
        Assert.Equal(json, Write(limits));
    }

    [Fact]
    public void Reports_mistakes_below_the_path_given()
    {
        using JsonDocument document = JsonDocument.Parse("""{ "concurrent": 0, "requestPerMinute": 5 }""");

        IReadOnlyList<ConfigMistake> mistakes = LimitsJson.Read(document.RootElement, "$.limits").Mistakes;

        Assert.Equal(["$.limits.concurrent", "$.limits.requestPerMinute"], mistakes.Select(mistake => mistake.Path));
        Assert.Contains("Did you mean 'requestsPerMinute'?", mistakes[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_the_same_quota_twice_in_one_mode() =>
        Assert.Equal(
            ["$.quotas[1]: is a second quota 'requests/day' of mode strict; keep one."],
            Read("""{"quotas":[{"metric":"requests","period":"day","amount":1},{"metric":"requests","period":"day","amount":2}]}""").Mistakes.Select(m => m.ToString()));

    [Fact]
    public void Refuses_more_quotas_than_one_hold_may_check()
    {
        IEnumerable<string> quotas = Enumerable.Range(0, 65).Select(i => $$"""{"metric":"operations","operation":"o{{i}}","period":"day","amount":1}""");

        Assert.Equal(
            ["$.quotas: must have at most 64 quotas, not 65."],
            Read($$"""{"quotas":[{{string.Join(',', quotas)}}]}""").Mistakes.Select(m => m.ToString()));
    }

    private static (LimitsConfig Limits, IReadOnlyList<ConfigMistake> Mistakes) Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return LimitsJson.Read(document.RootElement);
    }

    private static string Write(LimitsConfig limits)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            LimitsJson.Write(writer, limits);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
