using System.Net;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using Microsoft.AspNetCore.Http;
using static AIOrleans.Host.Tests.Media.MediaConfig;

namespace AIOrleans.Host.Tests.Media;

public sealed class SpeechTests
{
    // Eleven characters, one of them outside the basic plane.
    private const string Request = """{ "model":"tts", "input":"Grüße, \ud83d\ude00 du", "voice": "alloy" }""";

    private static readonly byte[] Sound = Noise(300_000);

    [Fact]
    public async Task A_sound_passes_as_bytes_and_is_charged_by_the_characters_spoken()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body(Sound, "audio/mpeg"));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/audio/speech", Request);

        Assert.Equal((HttpStatusCode.OK, "audio/mpeg"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal(Sound, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(Request.Replace("\"tts\"", "\"tts-1\"", StringComparison.Ordinal), Assert.Single(upstream.Requests).Text);
        Assert.Equal("0.000165", response.Header("x-aiorleans-cost-usd"));
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((0.000165m, 11L, false, "audio_speech"), (charged.Cost(), charged.Count("characters"), charged.IsEstimated(), charged.Operation()));
    }

    [Fact]
    public async Task The_first_bytes_arrive_before_the_provider_sends_more()
    {
        var gate = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "audio/wav";
            await http.Response.Body.WriteAsync("RIFF"u8.ToArray());
            await http.Response.Body.FlushAsync();
            await gate.Task;
            await http.Response.Body.WriteAsync("WAVE"u8.ToArray());
        });
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/audio/speech", Request, wait: HttpCompletionOption.ResponseHeadersRead).WaitAsync(TimeSpan.FromSeconds(30));
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] first = new byte[4];
        await body.ReadExactlyAsync(first).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        gate.SetResult();

        Assert.Equal("RIFF", Encoding.ASCII.GetString(first));
        Assert.Equal("WAVE", await new StreamReader(body).ReadToEndAsync());
    }

    [Fact]
    public async Task A_provider_that_breaks_off_leaves_no_half_that_looks_whole_and_is_charged()
    {
        var gate = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(HalfUntil(gate.Task));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/audio/speech", Request, wait: HttpCompletionOption.ResponseHeadersRead);
        gate.SetResult();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((0.000165m, 502, "provider"), (charged.Cost(), charged.GetProperty("status").GetInt32(), charged.GetProperty("failedBy").GetString()));
    }

    [Fact]
    public async Task A_client_that_leaves_stops_the_provider_and_pays_for_what_it_asked()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.SilenceAfter("RIFF", "audio/wav"));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using (HttpResponseMessage response = await gateway.PostAsync("/v1/audio/speech", Request, wait: HttpCompletionOption.ResponseHeadersRead))
        {
        }

        await (await upstream.NextRequestAsync()).Closed.WaitAsync(TimeSpan.FromSeconds(30));
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((0.000165m, 499, "client"), (charged.Cost(), charged.GetProperty("status").GetInt32(), charged.GetProperty("failedBy").GetString()));
    }

    [Fact]
    public async Task An_error_with_a_good_status_fails_over_before_the_first_byte()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("""{"error":{"message":"no"}}"""));
        await using FakeUpstream spare = await FakeUpstream.StartAsync(UpstreamScripts.Body(Sound, "audio/mpeg"));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl, spare: spare.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/audio/speech", Request);

        Assert.Equal(Sound, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(("spare", "2"), (response.Header("x-aiorleans-provider"), response.Header("x-aiorleans-attempts")));
        Assert.Contains("tts-spare", Assert.Single(spare.Requests).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_with_one_key_are_one_call_and_equal_sounds()
    {
        var gate = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "audio/mpeg";
            await http.Response.Body.WriteAsync(Sound.AsMemory(0, 1000));
            await http.Response.Body.FlushAsync();
            await gate.Task;
            await http.Response.Body.WriteAsync(Sound.AsMemory(1000));
        });
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        Task<HttpResponseMessage>[] asked = [.. Enumerable.Range(0, 5).Select(_ => gateway.PostAsync("/v1/audio/speech", Request, "k"))];
        await gateway.WhenInFlightAsync(5);
        gate.SetResult();
        HttpResponseMessage[] responses = await Task.WhenAll(asked);
        await gateway.WhenIdleAsync();
        using HttpResponseMessage later = await gateway.PostAsync("/v1/audio/speech", Request, "k");

        foreach (HttpResponseMessage response in (HttpResponseMessage[])[.. responses, later])
        {
            Assert.Equal(Sound, await response.Content.ReadAsByteArrayAsync());
            Assert.Equal("audio/mpeg", response.Content.Headers.ContentType?.ToString());
        }

        Assert.Single(upstream.Requests);
        Assert.Equal(0.000165m, (await gateway.ChargedAsync()).Cost());
    }

    [Fact]
    public async Task One_who_repeats_a_sound_that_broke_off_is_refused_instead_of_given_a_half()
    {
        var gate = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(HalfUntil(gate.Task));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        Task<HttpResponseMessage> first = gateway.PostAsync("/v1/audio/speech", Request, "k");
        await upstream.NextRequestAsync();
        Task<HttpResponseMessage> second = gateway.PostAsync("/v1/audio/speech", Request, "k");
        await gateway.WhenInFlightAsync(2);
        gate.SetResult();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => first);
        Assert.Equal(HttpStatusCode.BadGateway, (await second).StatusCode);
        Assert.Equal(0.000165m, (await gateway.ChargedAsync()).Cost());
    }

    [Fact]
    public async Task A_stream_of_events_tells_its_tokens()
    {
        const string Delta = """{"type":"speech.audio.delta","audio":"AAAA"}""";
        const string Done = """{"type":"speech.audio.done","usage":{"input_tokens":14,"output_tokens":101,"total_tokens":115}}""";
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse(Delta, Done));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/audio/speech", """{"model":"mini-tts","input":"Hi","stream_format":"sse"}""");

        Assert.Equal($"data: {Delta}\n\ndata: {Done}\n\n", await response.Content.ReadAsStringAsync());
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((((14 * 0.6m) + (101 * 12m)) / 1_000_000, 101L, false), (charged.Cost(), charged.Count("audioOutput"), charged.IsEstimated()));
    }

    [Fact]
    public async Task A_sound_that_is_charged_by_tokens_that_nobody_told_is_estimated_within_its_hold()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body(Sound, "audio/mpeg"));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostAsync("/v1/audio/speech", $$"""{"model":"mini-tts","input":"{{new string('a', 100)}}"}""");

        Assert.Null(response.Header("x-aiorleans-cost-usd"));
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((((25 * 0.6m) + (151 * 12m)) / 1_000_000, true), (charged.Cost(), charged.IsEstimated()));
    }

    [Fact]
    public async Task The_characters_are_held_so_that_a_strict_budget_is_never_exceeded()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body(Sound, "audio/mpeg"));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl, """{ "quotas": [ { "metric": "cost", "period": "month", "amount": 0.0003 } ] }""");

        using HttpResponseMessage fits = await gateway.PostAsync("/v1/audio/speech", $$"""{"model":"tts","input":"{{new string('a', 20)}}"}""");
        using HttpResponseMessage denied = await gateway.PostAsync("/v1/audio/speech", """{"model":"tts","input":"a"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PaymentRequired), (fits.StatusCode, denied.StatusCode));
    }

    /// <summary>Half a sound, and then a connection reset.</summary>
    private static UpstreamScript HalfUntil(Task gate) => async (http, _) =>
    {
        http.Response.ContentType = "audio/mpeg";
        await http.Response.Body.WriteAsync(Sound.AsMemory(0, 1000));
        await http.Response.Body.FlushAsync();
        await gate;
        http.Abort();
    };
}
