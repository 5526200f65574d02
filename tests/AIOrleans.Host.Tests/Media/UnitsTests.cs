using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using static AIOrleans.Host.Tests.Media.MediaConfig;

namespace AIOrleans.Host.Tests.Media;

/// <summary>What is counted by the piece, in the management API.</summary>
public sealed class UnitsTests
{
    [Theory]
    [InlineData("dall-e", """{ "imagesMade": 3 }""", "0.12")]
    [InlineData("tts", """{ "characters": 1000 }""", "0.015")]
    [InlineData("whisper", """{ "audioSeconds": 90 }""", "0.009")]
    [InlineData("short-whisper", """{ "audioSeconds": 90 }""", "0.006")]
    [InlineData("rank", """{ "searchUnits": 2 }""", "0.004")]
    public async Task Explain_tells_what_would_be_held(string model, string units, string costUsd)
    {
        await using RunningGateway gateway = await StartAsync(new Uri("http://127.0.0.1:9/v1"));
        var asked = new Dictionary<string, object>(JsonSerializer.Deserialize<Dictionary<string, object>>(units) ?? []) { ["key"] = "acme.eng.k1", ["model"] = model };

        using HttpResponseMessage response = await gateway.Admin.PostAsJsonAsync("/api/v1/explain", asked);

        JsonElement explained = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(decimal.Parse(costUsd, CultureInfo.InvariantCulture), explained.GetProperty("holds").GetProperty("strict").GetProperty("costUsd").GetDecimal());
    }

    [Fact]
    public async Task Totals_add_up_what_each_operation_was_counted_by()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(
            UpstreamScripts.Body("RIFF"u8.ToArray(), "audio/wav"), UpstreamScripts.Body("RIFF"u8.ToArray(), "audio/wav"), UpstreamScripts.Json("""{"data":[{},{},{}]}"""));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);
        await gateway.PostAsync("/v1/audio/speech", """{"model":"tts","input":"abc"}""");
        await gateway.PostAsync("/v1/audio/speech", """{"model":"tts","input":"abcde"}""");
        await gateway.PostAsync("/v1/images/generations", """{"model":"dall-e","prompt":"p","n":3}""");
        await gateway.WhenIdleAsync();

        using JsonDocument usage = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/api/v1/usage?groupBy=operation"));

        Assert.Equal(
            [("images", 3L, 0L, 0.12m), ("audio_speech", 0, 8, 0.00012m)],
            usage.RootElement.GetProperty("rows").EnumerateArray().Select(row =>
                (row.GetProperty("group").GetProperty("operation").GetString() ?? "", row.Count("imagesMade"), row.Count("characters"), row.Cost())));
    }
}
