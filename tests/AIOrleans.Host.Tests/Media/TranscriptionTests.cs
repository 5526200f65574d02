using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using static AIOrleans.Host.Tests.Media.MediaConfig;

namespace AIOrleans.Host.Tests.Media;

public sealed class TranscriptionTests
{
    private const string ByDuration = """{"text":"Hi","usage":{"type":"duration","seconds":9}}""";

    private const string ByTokens = """
        {"text":"Hi there","usage":{"type":"tokens","input_tokens":114,"input_token_details":{"text_tokens":14,"audio_tokens":100},"output_tokens":5,"total_tokens":119}}
        """;

    [Theory]
    [InlineData("/v1/audio/transcriptions")]
    [InlineData("/v1/audio/translations")]
    public async Task A_file_passes_byte_for_byte_and_is_charged_by_the_seconds_that_the_provider_heard(string path)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ByDuration));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);
        byte[] Sent(string model) => Form(("file", "a ü.mp3", Noise(100_000)), Field("model", model), Field("prompt", "x"));

        using HttpResponseMessage response = await gateway.PostFormAsync(path, Sent("whisper"));

        Assert.Equal((HttpStatusCode.OK, ByDuration), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal(path, received.Path);
        Assert.Equal(Sent("whisper-1"), received.Body);
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((0.0009m, 9_000L, false, "audio_transcription"), (charged.Cost(), charged.Count("audioMilliseconds"), charged.IsEstimated(), charged.Operation()));
    }

    [Fact]
    public async Task Tokens_that_the_provider_told_are_charged_by_their_classes()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ByTokens));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostFormAsync("/v1/audio/transcriptions", Form(Wave(), Field("model", "transcribe")));

        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((((14 * 2.5m) + (100 * 6m) + (5 * 10m)) / 1_000_000, false), (charged.Cost(), charged.IsEstimated()));
    }

    [Fact]
    public async Task A_stream_passes_event_by_event_with_its_usage_in_the_last()
    {
        const string Delta = """{"type":"transcript.text.delta","delta":"Hi"}""";
        const string Done = """{"type":"transcript.text.done","text":"Hi","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":4,"audio_tokens":10},"output_tokens":2}}""";
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse(Delta, Done));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostFormAsync("/v1/audio/transcriptions", Form(Wave(), Field("model", "transcribe"), Field("stream", "true")));

        Assert.Equal($"data: {Delta}\n\ndata: {Done}\n\n", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/event-stream", Assert.Single(upstream.Requests).Headers["accept"]);
        JsonElement charged = await gateway.ChargedAsync();
        Assert.Equal((((4 * 2.5m) + (10 * 6m) + (2 * 10m)) / 1_000_000, false), (charged.Cost(), charged.IsEstimated()));
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8", "Hello, world\n")]
    [InlineData("text/vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n")]
    public async Task Text_and_subtitles_tell_no_length_which_is_estimated_from_the_file(string contentType, string text)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body(System.Text.Encoding.UTF8.GetBytes(text), contentType));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostFormAsync("/v1/audio/transcriptions", Form(Wave(30), Field("model", "whisper"), Field("response_format", "text")));

        Assert.Equal((contentType, text), (response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync()));
        JsonElement charged = await gateway.ChargedAsync();

        // 240 044 bytes at 8 000 a second, as its header says.
        Assert.Equal((30_006L, 0.0030006m, true), (charged.Count("audioMilliseconds"), charged.Cost(), charged.IsEstimated()));
    }

    [Fact]
    public async Task The_length_of_a_file_is_held_at_its_most_unless_the_model_hears_no_more()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ByDuration));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl, """{ "quotas": [ { "metric": "cost", "period": "month", "amount": 0.01 } ] }""");

        // 240 044 bytes can play 240 seconds: 2.4 cents.
        using HttpResponseMessage denied = await gateway.PostFormAsync("/v1/audio/transcriptions", Form(Wave(30), Field("model", "whisper")));
        using HttpResponseMessage bounded = await gateway.PostFormAsync("/v1/audio/transcriptions", Form(Wave(30), Field("model", "short-whisper")));

        Assert.Equal((HttpStatusCode.PaymentRequired, HttpStatusCode.OK), (denied.StatusCode, bounded.StatusCode));
        Assert.Equal(0.0009m, (await gateway.ChargedAsync()).Cost());
    }

    [Fact]
    public async Task Bodies_that_are_no_form_are_refused_before_anything_is_held()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync();
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage json = await gateway.PostAsync("/v1/audio/transcriptions", """{"model":"whisper"}""");
        using HttpResponseMessage torn = await gateway.PostFormAsync("/v1/audio/transcriptions", Form(Wave(), Field("model", "whisper"))[..^20]);
        using HttpResponseMessage nameless = await gateway.PostFormAsync("/v1/audio/transcriptions", Form(Wave()));

        Assert.Equal("unsupported_content_type", await json.CodeAsync());
        Assert.Equal("invalid_form", await torn.CodeAsync());
        Assert.Equal("missing_required_parameter", await nameless.CodeAsync());
        Assert.Empty(await gateway.EventsAsync());
    }

    [Fact]
    public async Task A_page_in_place_of_a_transcript_is_no_answer()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body("<html>"u8.ToArray(), "text/html"));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);

        using HttpResponseMessage response = await gateway.PostFormAsync("/v1/audio/transcriptions", Form(Wave(), Field("model", "whisper")));

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.True((await gateway.ChargedAsync()).IsEstimated());
    }

    [Fact]
    public async Task A_form_that_is_sent_again_with_its_key_is_one_call()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ByDuration));
        await using RunningGateway gateway = await StartAsync(upstream.BaseUrl);
        byte[] form = Form(Wave(), Field("model", "whisper"));

        using HttpResponseMessage first = await gateway.PostFormAsync("/v1/audio/transcriptions", form, "k");
        using HttpResponseMessage second = await gateway.PostFormAsync("/v1/audio/transcriptions", form, "k");
        using HttpResponseMessage other = await gateway.PostFormAsync("/v1/audio/transcriptions", Form(Wave(2), Field("model", "whisper")), "k");

        Assert.Equal(ByDuration, await second.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Single(upstream.Requests);
    }
}
