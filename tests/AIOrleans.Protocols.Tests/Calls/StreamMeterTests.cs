using System.Text;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tests.Translation;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Tests.Calls;

/// <summary>Meters of streams that pass as bytes, fed with the matrix' streams; OpenAI's has its own tests.</summary>
public sealed class StreamMeterTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "matrix");

    [Theory]
    [InlineData("anthropic/text", StreamStep.Done, "end_turn", 10, 2)]
    [InlineData("anthropic/parallel-tools", StreamStep.Done, "tool_use", 34, 3)]
    [InlineData("anthropic/thinking-signature", StreamStep.Done, "end_turn", 13, 2)]
    [InlineData("anthropic/unknown-events", StreamStep.Done, "end_turn", 14, 2)]
    [InlineData("anthropic/truncated", StreamStep.Garbage, null, 3, 1)]
    [InlineData("gemini/text", StreamStep.Done, "STOP", 10, 2)]
    [InlineData("gemini/thinking", StreamStep.Done, "STOP", 13, 3)]
    [InlineData("gemini/n", StreamStep.Done, "MAX_TOKENS", 7, 3)]
    [InlineData("gemini/blocked", StreamStep.Done, null, 0, 0)]
    [InlineData("gemini/truncated", StreamStep.Garbage, null, 3, 1)]
    public void Meters_a_stream(string file, StreamStep end, string? finish, long bytes, int deltas)
    {
        IStreamMeter meter = Feed(file, out StreamStep last);
        Assert.Equal((end, finish, bytes, deltas), (last, meter.FinishReason, meter.OutputBytes, meter.OutputDeltas));
        Assert.Equal(end == StreamStep.Done, meter.IsDone);
    }

    [Fact]
    public void Takes_anthropics_usage_as_told_last_and_keeps_the_input_of_a_stream_that_broke()
    {
        IStreamMeter whole = Feed("anthropic/usage-classes", out _);
        Assert.Equal(new TokenUsage { UncachedInput = 60, CacheRead = 30, CacheWrite5m = 4, CacheWrite1h = 6, Output = 40 }, whole.Usage);
        IStreamMeter cut = Feed("anthropic/truncated", out _);
        Assert.Null(cut.Usage);
        Assert.Equal(10, cut.InputTold?.UncachedInput);
    }

    [Fact]
    public void Takes_geminis_usage_for_whole_only_when_the_answer_is()
    {
        IStreamMeter truncated = Feed("gemini/truncated", out _);
        Assert.Null(truncated.Usage);
        Assert.Equal((10L, 2L), truncated.InputTold is { } begun ? (begun.TotalInput, begun.Output) : default);
        Assert.Equal((12L, 7L), Feed("gemini/thinking", out _).Usage is { } usage ? (usage.Output, usage.Reasoning) : default);
    }

    [Theory]
    [InlineData("anthropic/error-midway", ErrorKind.Overloaded)]
    [InlineData("gemini/error-midway", ErrorKind.Overloaded)]
    public void Recognises_an_error_of_the_provider(string file, ErrorKind kind)
    {
        IStreamMeter meter = Feed(file, out StreamStep last);
        Assert.Equal((StreamStep.Failed, kind, "Overloaded"), (last, meter.Error?.Kind, meter.Error?.Message));
    }

    [Theory]
    [InlineData(WireFormat.Anthropic, "<html>")]
    [InlineData(WireFormat.Anthropic, "[]")]
    [InlineData(WireFormat.Anthropic, """{"choices":[]}""")]
    [InlineData(WireFormat.Anthropic, """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"no start"}}""")]
    [InlineData(WireFormat.Gemini, "{")]
    [InlineData(WireFormat.Gemini, "{}")]
    [InlineData(WireFormat.Gemini, """{"candidates":[7]}""")]
    public void Calls_garbage_what_clients_would_break_on(WireFormat format, string data)
    {
        using SseReader reader = new();
        reader.Append(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
        Assert.True(reader.TryRead(out SseEvent next));
        Assert.Equal(StreamStep.Garbage, AnswerReader.MeterOf(format, usageAsked: false).Read(next));
    }

    [Fact]
    public void Agrees_with_the_translator_on_every_stream()
    {
        foreach (MatrixCase one in MatrixCase.All(Folder).Where(one => one.Kind == "streams" && MatrixCase.Clients.Contains(MatrixCase.Formats[one.From])))
        {
            byte[] source = File.ReadAllBytes(Path.Combine(Folder, one.Source));
            StreamTranslator translator = new(
                MatrixCase.Formats[one.From], MatrixCase.Formats[one.To], new AnswerFrame("i", "m", DateTimeOffset.UnixEpoch), new System.Buffers.ArrayBufferWriter<byte>());
            IStreamMeter meter = AnswerReader.MeterOf(MatrixCase.Formats[one.From], usageAsked: true);
            if (one.Name == "tools-going-on")
            {
                // Only a translator minds a call that goes on after it was complete.
                continue;
            }

            Assert.Equal(Feed(translator, source), Feed(meter, source));
            Assert.Equal((meter.Usage, meter.InputTold, meter.IsDone, meter.Error), (translator.Usage, translator.InputTold, translator.IsDone, translator.Error));
        }
    }

    [Theory]
    [InlineData(WireFormat.OpenAiChat, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"$\"}}]}\n\n")]
    [InlineData(WireFormat.OpenAiCompletions, "data: {\"choices\":[{\"index\":0,\"text\":\"$\"}]}\n\n")]
    [InlineData(WireFormat.OpenAiResponses, "data: {\"type\":\"response.output_text.delta\",\"delta\":\"$\"}\n\n")]
    [InlineData(WireFormat.Anthropic, "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"$\"}}\n\n")]
    [InlineData(WireFormat.Gemini, "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"$\"}]}}]}\n\n")]
    public void Estimates_what_was_written_as_one_text_however_it_is_cut(WireFormat format, string delta)
    {
        string[] parts = ["Unfor", "tunately,", " 12", "345 of", " them never came back.", "\\n", "Gr\\u00fc\\u00dfe ", "日本", "語 \\ud83d\\ude00"];
        IStreamMeter meter = AnswerReader.MeterOf(format, usageAsked: false, TokenFamily.Cl100k);
        Feed(meter, Encoding.UTF8.GetBytes("data: {\"type\":\"response.created\",\"response\":{}}\n\n"));
        foreach (string part in parts)
        {
            Feed(meter, Encoding.UTF8.GetBytes(delta.Replace("$", part, StringComparison.Ordinal)));
        }

        byte[] whole = Encoding.UTF8.GetBytes("Unfortunately, 12345 of them never came back.\nGrüße 日本語 😀");
        Assert.Equal((whole.Length, TokenEstimate.Of(whole, TokenFamily.Cl100k)), (meter.OutputBytes, meter.OutputTokens));
    }

    [Theory]
    [InlineData("\\ud83d")]
    [InlineData("\\ude00")]
    public void Half_a_character_passes_and_counts(string half)
    {
        IStreamMeter meter = AnswerReader.MeterOf(WireFormat.OpenAiChat, usageAsked: false);
        using SseReader reader = new();
        reader.Append(Encoding.UTF8.GetBytes($$"""data: {"choices":[{"index":0,"delta":{"content":"{{half}}"} }]}""" + "\n\n"));
        Assert.True(reader.TryRead(out SseEvent next));
        Assert.Equal(StreamStep.Forward, meter.Read(next));
        Assert.InRange(meter.OutputTokens, 1, 3);
    }

    private static IStreamMeter Feed(string file, out StreamStep last)
    {
        string[] parts = file.Split('/');
        IStreamMeter meter = AnswerReader.MeterOf(MatrixCase.Formats[parts[0]], usageAsked: false);
        last = Feed(meter, File.ReadAllBytes(Path.Combine(Folder, parts[0], "streams", parts[1] + ".sse")));
        return meter;
    }

    private static StreamStep Feed(IStreamMeter meter, byte[] stream)
    {
        using SseReader reader = new();
        reader.Append(stream);
        while (reader.TryRead(out SseEvent next))
        {
            StreamStep step = meter.Read(next);
            if (step is not (StreamStep.Forward or StreamStep.Drop))
            {
                return step;
            }
        }

        return meter.End();
    }
}
