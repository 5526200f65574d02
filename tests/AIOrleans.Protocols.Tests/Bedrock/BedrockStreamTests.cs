using System.Buffers;
using System.Text;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests.Bedrock;

/// <summary>What the golden streams do not show.</summary>
public sealed class BedrockStreamTests
{
    [Theory]
    [InlineData("throttlingException", ErrorKind.RateLimit)]
    [InlineData("validationException", ErrorKind.InvalidRequest)]
    [InlineData("modelStreamErrorException", ErrorKind.Internal)]
    [InlineData("internalServerException", ErrorKind.Internal)]
    [InlineData("serviceUnavailableException", ErrorKind.Overloaded)]
    [InlineData("somethingNewException", ErrorKind.Internal)]
    [InlineData("error", ErrorKind.Internal)]
    public void Fails_with_the_exception_of_the_provider_even_as_the_first_event(string name, ErrorKind kind)
    {
        StreamTranslator translator = Feed($"event: {name}\ndata: {{\"message\":\"Told.\"}}\n\n", out StreamStep last);
        Assert.Equal((StreamStep.Failed, new ChatError(kind, "Told.")), (last, translator.Error));
    }

    [Theory]
    [InlineData("event: contentBlockDelta\ndata: {\"contentBlockIndex\":0,\"delta\":{\"text\":\"no start\"}}\n\n")]
    [InlineData("event: messageStart\ndata: <html>\n\n")]
    [InlineData("event: messageStart\ndata: []\n\n")]
    [InlineData("data: {\"choices\":[]}\n\n")]
    public void Calls_garbage_what_is_no_stream_of_bedrock(string stream)
    {
        Feed(stream, out StreamStep last);
        Assert.Equal(StreamStep.Garbage, last);
    }

    [Fact]
    public void Tells_the_classes_of_usage_and_the_tier()
    {
        StreamTranslator translator = Feed("""
            event: messageStart
            data: {"role":"assistant"}

            event: messageStop
            data: {"stopReason":"end_turn"}

            event: metadata
            data: {"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":33,"cacheReadInputTokens":10,"cacheWriteInputTokens":20},"serviceTier":{"type":"priority"}}


            """, out StreamStep last);
        Assert.Equal(StreamStep.Done, last);
        Assert.Equal(new TokenUsage { UncachedInput = 1, CacheRead = 10, CacheWrite5m = 20, Output = 2 }, translator.Usage);
        Assert.Equal(ServiceTier.Priority, translator.Service);
    }

    private static StreamTranslator Feed(string stream, out StreamStep last)
    {
        StreamTranslator translator = new(WireFormat.Bedrock, WireFormat.OpenAiChat, new AnswerFrame("i", "m", DateTimeOffset.UnixEpoch), new ArrayBufferWriter<byte>());
        using SseReader reader = new();
        reader.Append(Encoding.UTF8.GetBytes(stream));
        last = StreamStep.Forward;
        while (last is StreamStep.Forward or StreamStep.Drop && reader.TryRead(out SseEvent next))
        {
            last = translator.Read(next);
        }

        return translator;
    }
}
