using System.ClientModel;
using AIOrleans.Host.Tests.Media;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using OpenAI;
using OpenAI.Audio;
using OpenAI.Images;
using OpenAI.Moderations;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>The unmodified OpenAI client for .NET against the gateway: images, audio and moderations.</summary>
public sealed class OpenAiMediaTests
{
    [Fact]
    public async Task Images_are_made_and_edited()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("""{"created":1,"data":[{"b64_json":"AAAA"}]}"""));
        await using RunningGateway gateway = await MediaConfig.StartAsync(upstream.BaseUrl);
        ImageClient client = new("dall-e", new ApiKeyCredential(TestConfig.Key), OptionsFor(gateway));

        GeneratedImage made = await client.GenerateImageAsync("A cat");
        using var source = new MemoryStream(MediaConfig.Noise(5_000));
        GeneratedImage edited = await client.GenerateImageEditAsync(source, "ä cat.png", "A dog");

        Assert.Equal([0, 0, 0], made.ImageBytes.ToArray());
        Assert.Equal([0, 0, 0], edited.ImageBytes.ToArray());
        Assert.Equal([0.04m, 0.04m], (await gateway.EventsAsync()).Select(charged => charged.Cost()));
        Assert.Contains("dall-e-3", upstream.Requests.Last().Text, StringComparison.Ordinal);
        Assert.True(upstream.Requests.Last().Body.AsSpan().IndexOf(MediaConfig.Noise(5_000)) > 0);
    }

    [Fact]
    public async Task Speech_is_spoken_and_heard()
    {
        byte[] sound = MediaConfig.Noise(100_000);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(
            UpstreamScripts.Body(sound, "audio/mpeg"), UpstreamScripts.Json("""{"text":"Hello","usage":{"type":"duration","seconds":3}}"""), UpstreamScripts.Json("""{"text":"Hello"}"""));
        await using RunningGateway gateway = await MediaConfig.StartAsync(upstream.BaseUrl);
        AudioClient Client(string model) => new(model, new ApiKeyCredential(TestConfig.Key), OptionsFor(gateway));

        BinaryData spoken = await Client("tts").GenerateSpeechAsync("Hello", GeneratedSpeechVoice.Alloy);
        using var recording = new MemoryStream(sound);
        AudioTranscription heard = await Client("whisper").TranscribeAudioAsync(recording, "ü.mp3");
        using var again = new MemoryStream(sound);
        AudioTranslation translated = await Client("whisper").TranslateAudioAsync(again, "a.mp3");

        Assert.Equal(sound, spoken.ToArray());
        Assert.Equal(("Hello", "Hello"), (heard.Text, translated.Text));
        Assert.Equal([0.00125m, 0.0003m, 0.000075m], (await gateway.EventsAsync()).Select(charged => charged.Cost()));
    }

    [Fact]
    public async Task Texts_are_moderated()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("""{"id":"m","model":"omni-2024","results":[{"flagged":true,"categories":{},"category_scores":{}}]}"""));
        await using RunningGateway gateway = await MediaConfig.StartAsync(upstream.BaseUrl);

        ModerationResult result = await new ModerationClient("omni-moderation-latest", new ApiKeyCredential(TestConfig.Key), OptionsFor(gateway)).ClassifyTextAsync("x");

        Assert.True(result.Flagged);
        Assert.Equal("moderations", Assert.Single(await gateway.EventsAsync()).Operation());
    }

    [Fact]
    public async Task Refusals_are_typed()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync();
        await using RunningGateway gateway = await MediaConfig.StartAsync(upstream.BaseUrl);

        ClientResultException refused = await Assert.ThrowsAsync<ClientResultException>(
            () => new ImageClient("sim-1", new ApiKeyCredential(TestConfig.Key), OptionsFor(gateway)).GenerateImageAsync("A cat"));

        Assert.Equal(400, refused.Status);
        Assert.Contains("unsupported_operation", refused.Message, StringComparison.Ordinal);
    }

    private static OpenAIClientOptions OptionsFor(RunningGateway gateway) => new() { Endpoint = new Uri(gateway.Url, "/v1") };
}
