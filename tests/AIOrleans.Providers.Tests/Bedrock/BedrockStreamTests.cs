using System.Buffers;
using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;
using AIOrleans.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Bedrock;

/// <summary>Streams of a fake Bedrock, whole and broken.</summary>
public sealed class BedrockStreamTests : IAsyncDisposable
{
    private readonly ServiceProvider services = Attempts.Services();

    private IChatProvider Chat => services.GetRequiredService<IChatProvider>();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Reads_a_stream_in_whatever_pieces_it_comes(int pieceBytes)
    {
        byte[][] pieces = [.. BedrockScripts.Stream("Hi", " there").SelectMany(frame => frame).Chunk(pieceBytes)];
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockCalls.Signed(null, BedrockScripts.Frames(pieces), TimeProvider.System));

        AttemptResult.Streamed streamed = Assert.IsType<AttemptResult.Streamed>(await Chat.CallAsync(BedrockCalls.Request(upstream), CancellationToken.None));
        await using AnswerStream stream = streamed.Body;
        (StreamTranslator translator, string text) = await TranslateAsync(stream);

        Assert.Equal(("text/event-stream", "amzn-1"), (streamed.ContentType, Assert.Single(streamed.Headers, header => header.Key == "x-upstream-request-id").Value));
        Assert.True(translator.IsDone);
        Assert.Equal((9L, 2L, 8L), (translator.Usage?.UncachedInput, translator.Usage?.Output, translator.OutputBytes));
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hands_each_event_on_before_the_next_is_sent()
    {
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        byte[][] frames = BedrockScripts.Stream("Hi");
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockScripts.FramesThen(
            async http =>
            {
                await goOn.Task;
                await http.Response.Body.WriteAsync(frames[1]);
            },
            frames[0]));
        AttemptResult result = await Chat.CallAsync(BedrockCalls.Request(upstream), CancellationToken.None);
        await using AnswerStream stream = Assert.IsType<AttemptResult.Streamed>(result).Body;
        byte[] buffer = new byte[1000];

        int first = await stream.ReadAsync(buffer, CancellationToken.None);
        Assert.StartsWith("event: messageStart\n", Encoding.UTF8.GetString(buffer, 0, first), StringComparison.Ordinal);
        goOn.SetResult();
        int second = await stream.ReadAsync(buffer, CancellationToken.None);
        Assert.StartsWith("event: contentBlockDelta\n", Encoding.UTF8.GetString(buffer, 0, second), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("throttlingException", ErrorKind.RateLimit)]
    [InlineData("modelStreamErrorException", ErrorKind.Internal)]
    public async Task Tells_an_exception_in_the_middle_of_a_stream(string type, ErrorKind kind)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockScripts.Frames(
            BedrockScripts.Stream()[0], BedrockScripts.Word("Hi"), BedrockFrames.Exception(type, """{"message":"Told."}""")));
        AttemptResult result = await Chat.CallAsync(BedrockCalls.Request(upstream), CancellationToken.None);
        await using AnswerStream stream = Assert.IsType<AttemptResult.Streamed>(result).Body;

        (StreamTranslator translator, string text) = await TranslateAsync(stream);

        Assert.Equal((new ChatError(kind, "Told."), false), (translator.Error, translator.IsDone));
        Assert.Contains("\"content\":\"Hi\"", text, StringComparison.Ordinal);
    }

    public static TheoryData<string, FailureKind> Faults => new()
    {
        { "truncated", FailureKind.Reset },
        { "reset", FailureKind.Reset },
        { "checksum", FailureKind.Garbage },
        { "text", FailureKind.Garbage },
        { "huge", FailureKind.Garbage },
        { "silence", FailureKind.IdleTimeout },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Breaks_a_stream_that_is_broken_and_hands_on_what_came_before(string fault, FailureKind kind)
    {
        byte[] word = BedrockScripts.Word("Hi");
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(BedrockScripts.FramesThen(
            async http =>
            {
                await goOn.Task;
                await BreakAsync(http, fault, word);
            },
            BedrockScripts.Stream()[0]));
        AttemptRequest request = BedrockCalls.Request(upstream);
        ProviderTimeouts timeouts = request.Provider.Timeouts with { Idle = fault == "silence" ? Attempts.Soon : Attempts.Never };
        AttemptResult result = await Chat.CallAsync(request with { Provider = request.Provider with { Timeouts = timeouts } }, CancellationToken.None);
        await using AnswerStream stream = Assert.IsType<AttemptResult.Streamed>(result).Body;
        byte[] buffer = new byte[1000];
        Assert.True(await stream.ReadAsync(buffer, CancellationToken.None) > 0);
        goOn.SetResult();

        ProviderException broken = await Assert.ThrowsAsync<ProviderException>(() => Attempts.ReadToEndAsync(stream));

        Assert.Equal((kind, true), (broken.Failure.Kind, broken.Failure.MayBeBilled));
    }

    [Theory]
    [InlineData("application/json", """{"message":"Told."}""")]
    [InlineData("text/event-stream", "data: {}\n\n")]
    [InlineData("application/vnd.amazon.eventstream", "this is no frame at all")]
    public async Task Fails_on_a_stream_that_is_none(string contentType, string body)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body(Encoding.UTF8.GetBytes(body), contentType));

        Assert.Equal(FailureKind.Garbage, (await Attempts.FailureOf(Chat.CallAsync(BedrockCalls.Request(upstream), CancellationToken.None))).Kind);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static async Task BreakAsync(HttpContext http, string fault, byte[] word)
    {
        byte[] damaged = [.. word];
        damaged[^8] ^= 1;
        byte[] sent = fault switch
        {
            "checksum" => damaged,
            "text" => "data: not a frame, but quite long\n\n"u8.ToArray(),
            "huge" => BedrockFrames.Frame([], new byte[2 * 1024 * 1024]),
            _ => word[..^5],
        };
        await http.Response.Body.WriteAsync(sent);
        await http.Response.Body.FlushAsync();
        if (fault == "reset")
        {
            http.Abort();
        }
        else if (fault == "silence")
        {
            TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration registration = http.RequestAborted.Register(closed.SetResult);
            await closed.Task;
        }
    }

    private static async Task<(StreamTranslator Translator, string Text)> TranslateAsync(AnswerStream stream)
    {
        ArrayBufferWriter<byte> output = new();
        StreamTranslator translator = new(WireFormat.Bedrock, WireFormat.OpenAiChat, new AnswerFrame("id", "alias", DateTimeOffset.UnixEpoch), output);
        using SseReader reader = new();
        StreamStep step = StreamStep.Forward;
        int length;
        while (step is StreamStep.Forward && (length = await stream.ReadAsync(reader.GetMemory(64), CancellationToken.None)) > 0)
        {
            reader.Advance(length);
            while (step is StreamStep.Forward && reader.TryRead(out SseEvent next))
            {
                step = translator.Read(next);
            }
        }

        return (translator, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
