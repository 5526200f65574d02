using System.Text;
using System.Text.Json;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Protocols.Sse;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Simulated;

public sealed class SimulatedTests : IAsyncDisposable
{
    private const string Question = """{"model":"sim-1","messages":[{"role":"user","content":"twelve bytes"}]}""";
    private const string StreamQuestion = """{"model":"sim-1","messages":[{"role":"user","content":"twelve bytes"}],"stream":true,"stream_options":{"include_usage":true}}""";

    private readonly ServiceProvider services = Attempts.Services();

    private IChatProvider Chat => services.GetRequiredService<IChatProvider>();

    [Fact]
    public async Task Answers_the_same_question_the_same()
    {
        AttemptResult.Answered first = await AskAsync(SimulationConfig.Default, Question);
        AttemptResult.Answered second = await AskAsync(SimulationConfig.Default, Question);

        Assert.Equal(ContentOf(first), ContentOf(second));
        Assert.Equal(32, ContentOf(first).Split(' ').Length);
        Assert.NotEqual(ContentOf(first), ContentOf(await AskAsync(SimulationConfig.Default, Question.Replace("twelve", "Twelve", StringComparison.Ordinal))));
        Assert.Equal(new TokenUsage { UncachedInput = 3, Output = 32 }, first.Chat.Usage);
        Assert.Equal("stop", first.Chat.FinishReason);
    }

    [Fact]
    public async Task Honours_bounds_and_choices()
    {
        AttemptResult.Answered answer = await AskAsync(SimulationConfig.Default, Question[..^1] + ",\"max_tokens\":5,\"n\":2}");

        Assert.Equal(new TokenUsage { UncachedInput = 3, Output = 10 }, answer.Chat.Usage);
        Assert.Equal("length", answer.Chat.FinishReason);
    }

    [Fact]
    public async Task Streams_what_it_answers()
    {
        await using AnswerStream body = await OpenAsync(SimulationConfig.Default);
        string stream = await Attempts.ReadToEndAsync(body);
        ChatStreamMeter meter = new(usageAsked: true);
        StringBuilder content = new();
        using SseReader reader = new();
        reader.Append(Encoding.UTF8.GetBytes(stream));
        List<StreamStep> steps = [];
        while (reader.TryRead(out SseEvent next))
        {
            steps.Add(meter.Read(next));
            if (steps[^1] == StreamStep.Forward)
            {
                JsonElement choices = JsonDocument.Parse(next.Data).RootElement.GetProperty("choices");
                content.Append(choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out JsonElement text) ? text.GetString() : "");
            }
        }

        Assert.Equal(ContentOf(await AskAsync(SimulationConfig.Default, Question)), content.ToString());
        Assert.Equal(1 + 32 + 1 + 1 + 1, steps.Count);
        Assert.Equal(StreamStep.Done, steps[^1]);
        Assert.Equal(new TokenUsage { UncachedInput = 3, Output = 32 }, meter.Usage);
        Assert.Equal(("sim-1", "stop", 32), (meter.Model, meter.FinishReason, meter.OutputDeltas));
    }

    [Fact]
    public async Task Fails_and_stalls_as_often_as_configured()
    {
        SimulationConfig config = new(TimeSpan.Zero, 0, 1, ErrorsPerMille: 250, StallsPerMille: 0);
        int failures = 0;
        for (int i = 0; i < 400; i++)
        {
            AttemptResult result = await Chat.CallAsync(
                Attempts.Request(Attempts.Simulated(config), body: ChatSamples.Request(content: $"question {i}")), CancellationToken.None);
            failures += result is AttemptResult.Failed { Failure: { Status: 500, IsTransient: true } } ? 1 : 0;
        }

        Assert.InRange(failures, 60, 140);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stalls_into_the_timeouts_of_its_provider(bool stream)
    {
        SimulationConfig config = SimulationConfig.Default with { StallsPerMille = 1000 };
        ProviderConfig provider = Attempts.Simulated(config, firstByte: stream ? null : Attempts.Soon, idle: Attempts.Soon);
        AttemptRequest request = Attempts.Request(provider, stream, stream ? StreamQuestion : Question);
        if (!stream)
        {
            Assert.Equal(FailureKind.FirstByteTimeout, (await Attempts.FailureOf(Chat.CallAsync(request, CancellationToken.None))).Kind);
            return;
        }

        await using AnswerStream body = Assert.IsType<AttemptResult.Streamed>(await Chat.CallAsync(request, CancellationToken.None)).Body;
        ProviderException broken = await Assert.ThrowsAsync<ProviderException>(() => Attempts.ReadToEndAsync(body));
        Assert.Equal(FailureKind.IdleTimeout, broken.Failure.Kind);
    }

    [Fact]
    public async Task Keeps_its_pace()
    {
        TimerClock clock = new();
        await using ServiceProvider own = Attempts.Services(clock);
        SimulationConfig config = new(TimeSpan.FromMilliseconds(100), TokensPerSecond: 10, OutputTokens: 2, 0, 0);
        Task<AttemptResult> call = own.GetRequiredService<IChatProvider>().CallAsync(
            Attempts.Request(Attempts.Simulated(config), stream: true, StreamQuestion), CancellationToken.None);
        clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await using AnswerStream body = Assert.IsType<AttemptResult.Streamed>(await call).Body;
        byte[] buffer = new byte[10_000];
        Assert.Contains("assistant", await ReadAsync(body, buffer), StringComparison.Ordinal);

        for (int word = 0; word < 2; word++)
        {
            Task<string> reading = ReadAsync(body, buffer);
            clock.Advance(TimeSpan.FromMilliseconds(99));
            Assert.False(reading.IsCompleted);
            clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(word == 1, (await reading).EndsWith("[DONE]\n\n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Refuses_what_openai_would_refuse()
    {
        AttemptFailure failure = await Attempts.FailureOf(
            Chat.CallAsync(Attempts.Request(Attempts.Simulated(SimulationConfig.Default), body: """{"model":"m"}"""), CancellationToken.None));

        Assert.Equal((400, "messages", true), (failure.Status, failure.Error?.Param, failure.IsRequestAtFault));
    }

    [Fact]
    public async Task Is_cancelled_like_any_provider()
    {
        using CancellationTokenSource client = new();
        Task<AttemptResult> call = Chat.CallAsync(
            Attempts.Request(Attempts.Simulated(SimulationConfig.Default with { Latency = Attempts.Never })), client.Token);
        await client.CancelAsync();

        await Assert.ThrowsAsync<AttemptCancelledException>(() => call);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task<AttemptResult.Answered> AskAsync(SimulationConfig config, string body) =>
        Assert.IsType<AttemptResult.Answered>(await Chat.CallAsync(Attempts.Request(Attempts.Simulated(config), body: body), CancellationToken.None));

    private async Task<AnswerStream> OpenAsync(SimulationConfig config) => Assert.IsType<AttemptResult.Streamed>(
        await Chat.CallAsync(Attempts.Request(Attempts.Simulated(config), stream: true, StreamQuestion), CancellationToken.None)).Body;

    private static async Task<string> ReadAsync(AnswerStream body, byte[] buffer) =>
        Encoding.UTF8.GetString(buffer, 0, await body.ReadAsync(buffer, CancellationToken.None));

    private static string ContentOf(AttemptResult.Answered answer) =>
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "";
}
