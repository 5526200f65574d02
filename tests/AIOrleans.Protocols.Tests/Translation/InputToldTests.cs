using System.Buffers;
using System.Text;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests.Translation;

/// <summary>What is known of a stream's usage when it breaks off.</summary>
public sealed class InputToldTests
{
    private const string Start =
        """{"type":"message_start","message":{"id":"m","model":"up","usage":{"input_tokens":7,"cache_read_input_tokens":30,"cache_creation_input_tokens":4,"output_tokens":1}}}""";

    private const string Text = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"four"}}""";

    private static readonly TokenUsage Told = new() { UncachedInput = 7, CacheRead = 30, CacheWrite5m = 4, Output = 1 };

    /// <summary>Every client that Anthropic's streams can go to; Anthropic itself passes.</summary>
    public static TheoryData<WireFormat> Clients =>
        [WireFormat.Anthropic, .. Enum.GetValues<WireFormat>().Where(client => RequestTranslator.CanTranslate(client, WireFormat.Anthropic))];

    [Theory]
    [MemberData(nameof(Clients))]
    public void Input_of_an_aborted_stream_of_Anthropic_is_known_to_every_client(WireFormat client)
    {
        IStreamMeter meter = MeterOf(WireFormat.Anthropic, client);
        Feed(meter, Start, """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", Text);
        Assert.Equal((Told, (TokenUsage?)null, 4L, false), (meter.InputTold, meter.Usage, meter.OutputBytes, meter.IsDone));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void Input_is_known_though_no_output_is_told_with_it(WireFormat client)
    {
        IStreamMeter meter = MeterOf(WireFormat.Anthropic, client);
        Feed(meter, """{"type":"ping"}""", """{"type":"message_start","message":{"id":"m","model":"up","usage":{"input_tokens":7}}}""");
        Assert.Equal(new TokenUsage { UncachedInput = 7 }, meter.InputTold);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void Nothing_is_known_when_nothing_was_told(WireFormat client)
    {
        IStreamMeter meter = MeterOf(WireFormat.Anthropic, client);
        Feed(meter, """{"type":"message_start","message":{"id":"m","model":"up","usage":{"output_tokens":1}}}""");
        Assert.Null(meter.InputTold);
    }

    [Theory]
    [InlineData(WireFormat.Gemini)]
    [InlineData(WireFormat.OpenAiChat)]
    [InlineData(WireFormat.Anthropic)]
    [InlineData(WireFormat.OpenAiResponses)]
    public void Usage_of_Gemini_is_whole_only_when_its_answer_is(WireFormat client)
    {
        IStreamMeter meter = MeterOf(WireFormat.Gemini, client);
        Feed(meter, """{"candidates":[{"content":{"parts":[{"text":"four"}]}}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"totalTokenCount":11}}""");
        Assert.Equal((new TokenUsage { UncachedInput = 9, Output = 2 }, (TokenUsage?)null), (meter.InputTold, meter.Usage));
    }

    private static IStreamMeter MeterOf(WireFormat provider, WireFormat client) => provider == client
        ? AnswerReader.MeterOf(provider, usageAsked: false)
        : new StreamTranslator(provider, client, new AnswerFrame("i", "m", DateTimeOffset.UnixEpoch), new ArrayBufferWriter<byte>());

    private static void Feed(IStreamMeter meter, params string[] events)
    {
        using SseReader reader = new();
        reader.Append(Encoding.UTF8.GetBytes(string.Concat(events.Select(data => $"data: {data}\n\n"))));
        while (reader.TryRead(out SseEvent next))
        {
            Assert.Equal(StreamStep.Forward, meter.Read(next));
        }
    }
}
