using System.Text;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi.Media;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tests.Translation;

namespace AIOrleans.Protocols.Tests.OpenAi.Media;

/// <summary>What answers tell of their usage.</summary>
public sealed class MediaAnswerTests
{
    public static TheoryData<WireFormat, string, TokenUsage> Told => new()
    {
        { WireFormat.OpenAiImages, """{"data":[{},{}]}""", new TokenUsage { ImagesMade = 2 } },
        { WireFormat.OpenAiImages, """{"data":[],"usage":null}""", default },
        {
            WireFormat.OpenAiImageEdits,
            """{"data":[{}],"usage":{"input_tokens":9,"output_tokens":7,"input_tokens_details":{"image_tokens":50},"output_tokens_details":{"image_tokens":5,"text_tokens":2}}}""",
            new TokenUsage { ImageInput = 9, Output = 2, ImageOutput = 5, ImagesMade = 1 }
        },
        { WireFormat.OpenAiImages, """{"data":[{}],"usage":{"input_tokens":-9,"output_tokens":7}}""", new TokenUsage { ImagesMade = 1 } },
        { WireFormat.OpenAiTranscriptions, """{"text":"x"}""", default },
        { WireFormat.OpenAiTranscriptions, """{"text":"x","usage":{"type":"duration","seconds":2.0004}}""", new TokenUsage { AudioMilliseconds = 2_001 } },
        { WireFormat.OpenAiTranslations, """{"text":"x","duration":"8.470000267028809","segments":[]}""", new TokenUsage { AudioMilliseconds = 8_471 } },
        { WireFormat.OpenAiTranscriptions, """{"text":"x","duration":8.4,"usage":{"type":"duration","seconds":9}}""", new TokenUsage { AudioMilliseconds = 9_000 } },
        { WireFormat.OpenAiTranscriptions, """{"text":"x","duration":1e300,"usage":{"type":"duration","seconds":-1}}""", default },
        { WireFormat.Rerank, """{"results":[],"meta":{"billed_units":{"search_units":3}}}""", new TokenUsage { SearchUnits = 3 } },
        { WireFormat.Rerank, """{"data":[],"usage":{"total_tokens":5}}""", new TokenUsage { UncachedInput = 5 } },
        { WireFormat.OpenAiModerations, """{"results":[]}""", default },
    };

    [Theory]
    [MemberData(nameof(Told))]
    public void Reads_what_is_told_and_believes_no_nonsense(WireFormat format, string body, TokenUsage usage) =>
        Assert.Equal(usage, AnswerReader.TryRead(Encoding.UTF8.GetBytes(body), format)?.Usage);

    [Theory]
    [InlineData(WireFormat.OpenAiImages, """{"error":{"message":"m"}}""", "application/json")]
    [InlineData(WireFormat.OpenAiImages, "[]", "application/json")]
    [InlineData(WireFormat.OpenAiModerations, """{"data":[]}""", "application/json")]
    [InlineData(WireFormat.Rerank, "{}", "application/json")]
    [InlineData(WireFormat.OpenAiTranscriptions, "{}", "application/json")]
    [InlineData(WireFormat.OpenAiTranscriptions, "<html>", "text/html; charset=utf-8")]
    public void Knows_what_is_no_answer(WireFormat format, string body, string contentType) =>
        Assert.Null(AnswerReader.TryRead(Encoding.UTF8.GetBytes(body), format, contentType: contentType));

    [Fact]
    public void Plain_text_is_a_transcript_and_its_length_is_known() =>
        Assert.Equal((default(TokenUsage), 3L), AnswerReader.TryRead("abc"u8.ToArray(), WireFormat.OpenAiTranscriptions, contentType: "text/plain") is { } answer ? (answer.Usage, answer.OutputBytes) : default);

    [Fact]
    public void Streams_of_several_images_add_their_usage_up()
    {
        const string One = """{"type":"image_edit.completed","usage":{"input_tokens":3,"output_tokens":4}}""";
        MediaStreamMeter meter = Metered(WireFormat.OpenAiImageEdits, One, One, "[DONE]");
        Assert.Equal(new TokenUsage { UncachedInput = 6, ImageOutput = 8, ImagesMade = 2 }, meter.Usage);
        Assert.True(meter.IsDone);
    }

    [Fact]
    public void A_stream_that_ends_before_its_last_event_is_truncated()
    {
        Assert.Equal(StreamStep.Garbage, Metered(WireFormat.OpenAiTranscriptions, """{"type":"transcript.text.delta","delta":"é"}""").End());
        MediaStreamMeter meter = Metered(WireFormat.OpenAiTranscriptions, """{"type":"transcript.text.delta","delta":"é"}""", """{"type":"transcript.text.done","text":"é"}""");
        Assert.Equal((StreamStep.Done, 2L), (meter.End(), meter.OutputBytes));
    }

    [Theory]
    [InlineData("""{"error":{"message":"no","type":"server_error"}}""", StreamStep.Failed)]
    [InlineData("""{"type":"error","error":{"message":"no"}}""", StreamStep.Failed)]
    [InlineData("""{"type":"image_generation.failed"}""", StreamStep.Failed)]
    [InlineData("{}", StreamStep.Garbage)]
    [InlineData("nonsense", StreamStep.Garbage)]
    [InlineData("[DONE]", StreamStep.Garbage)]
    public void Errors_and_garbage_are_told_apart(string data, StreamStep step) => Assert.Equal(step, StepOf(new MediaStreamMeter(WireFormat.OpenAiImages), data));

    [Fact]
    public void Never_throws_on_mutated_answers()
    {
        byte[][] sources = [.. Told.Select(row => Encoding.UTF8.GetBytes((string)row[1]))];
        WireFormat[] formats = [.. Told.Select(row => (WireFormat)row[0])];
        Random random = new(10);
        for (int i = 0; i < 60_000; i++)
        {
            ChatAnswer? answer = AnswerReader.TryRead(Mutation.Of(sources[i % sources.Length], random), formats[i % formats.Length]);
            Assert.True(answer is not { Usage: { } usage } || (usage.Total >= 0 && usage.ImagesMade >= 0 && usage.AudioMilliseconds >= 0 && usage.SearchUnits >= 0));
        }
    }

    private static MediaStreamMeter Metered(WireFormat format, params string[] data)
    {
        var meter = new MediaStreamMeter(format);
        Array.ForEach(data, text => StepOf(meter, text));
        return meter;
    }

    private static StreamStep StepOf(MediaStreamMeter meter, string data)
    {
        using var reader = new SseReader();
        reader.Append(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
        Assert.True(reader.TryRead(out SseEvent next));
        return meter.Read(next);
    }
}
