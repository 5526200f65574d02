using System.Text;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests.OpenAi;

public sealed class ChatStreamMeterTests
{
    private const string UsageChunk = """{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""";

    [Fact]
    public void Meters_a_whole_stream()
    {
        ChatStreamMeter meter = new(usageAsked: false);
        Assert.Equal(StreamStep.Forward, Feed(meter, """{"id":"c1","model":"up","service_tier":null,"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}"""));
        Assert.Equal(StreamStep.Forward, Feed(meter, """{"id":"c1","service_tier":"priority","choices":[{"index":0,"delta":{"content":"hé"}}]}"""));
        Assert.Equal(StreamStep.Forward, Feed(meter, """{"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}"""));
        Assert.Equal(StreamStep.Forward, Feed(meter, """{"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""));
        Assert.Equal(StreamStep.Drop, Feed(meter, UsageChunk));
        Assert.False(meter.IsDone);
        Assert.Equal(StreamStep.Done, Feed(meter, "[DONE]"));

        Assert.True(meter.IsDone);
        Assert.Equal(new TokenUsage { UncachedInput = 9, Output = 2 }, meter.Usage);
        Assert.Equal(("c1", "up", "stop"), (meter.Id, meter.Model, meter.FinishReason));
        Assert.Equal(ServiceTier.Priority, meter.Service);
        Assert.Equal((3 + 1 + 2, 2), (meter.OutputBytes, meter.OutputDeltas));
    }

    [Fact]
    public void Forwards_the_usage_chunk_to_a_client_that_asked() =>
        Assert.Equal(StreamStep.Forward, Feed(new ChatStreamMeter(usageAsked: true), UsageChunk));

    [Fact]
    public void Forwards_a_chunk_without_choices_that_holds_no_usage() =>
        Assert.Equal(StreamStep.Forward, Feed(new ChatStreamMeter(usageAsked: false), """{"choices":[],"prompt_filter_results":[],"usage":null}"""));

    [Fact]
    public void Forwards_usage_that_comes_with_content_and_takes_the_last()
    {
        ChatStreamMeter meter = new(usageAsked: false);
        Feed(meter, """{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":9,"completion_tokens":1}}""");
        Assert.Equal(StreamStep.Forward, Feed(meter, """{"choices":[{"delta":{"content":"b"}}],"usage":{"prompt_tokens":9,"completion_tokens":2}}"""));
        Feed(meter, """{"choices":[],"usage":{"prompt_tokens":-1,"completion_tokens":2}}""");
        Assert.Equal(2, meter.Usage?.Output);
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"t"}}""")]
    [InlineData("""{"error":"m"}""")]
    [InlineData("""{"object":"error","message":"m"}""")]
    [InlineData("""{"id":"x","choices":[{"delta":{}}],"error":{"message":"m"}}""")]
    public void Recognises_an_error_of_the_provider(string data)
    {
        ChatStreamMeter meter = new(usageAsked: false);
        Assert.Equal(StreamStep.Failed, Feed(meter, data));
        Assert.Equal("m", meter.Error?.Message);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"choices":[1]}""")]
    [InlineData("""{"choices":[{"delta":{}}]} trailing""")]
    [InlineData("""{"id":"\ud800","choices":[]}""")]
    public void Calls_garbage_what_clients_would_break_on(string data) =>
        Assert.Equal(StreamStep.Garbage, Feed(new ChatStreamMeter(usageAsked: false), data));

    [Fact]
    public void Lets_comments_pass_and_drops_empty_events()
    {
        ChatStreamMeter meter = new(usageAsked: false);
        using SseReader reader = new();
        reader.Append(": keep-alive\n\ndata:\n\n"u8);
        Assert.True(reader.TryRead(out SseEvent comment));
        Assert.Equal(StreamStep.Forward, meter.Read(comment));
        Assert.True(reader.TryRead(out SseEvent empty));
        Assert.Equal(StreamStep.Drop, meter.Read(empty));
    }

    private static StreamStep Feed(ChatStreamMeter meter, string data)
    {
        using SseReader reader = new();
        reader.Append(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
        Assert.True(reader.TryRead(out SseEvent next));
        return meter.Read(next);
    }
}
