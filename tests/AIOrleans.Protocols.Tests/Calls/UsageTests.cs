using System.Text;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Tests.Calls;

/// <summary>Usage of Anthropic and Gemini as disjoint classes; OpenAI's is in ChatAnswerReaderTests.</summary>
public sealed class UsageTests
{
    [Fact]
    public void Adds_what_anthropic_excludes() =>
        Assert.Equal(
            new TokenUsage { UncachedInput = 60, CacheRead = 30, CacheWrite5m = 4, CacheWrite1h = 6, Output = 40, Reasoning = 15 },
            OfAnthropic("""
                {"input_tokens":60,"cache_read_input_tokens":30,"cache_creation_input_tokens":10,"output_tokens":40,
                 "cache_creation":{"ephemeral_5m_input_tokens":4,"ephemeral_1h_input_tokens":6},"output_tokens_details":{"thinking_tokens":15}}
                """));

    [Theory]
    [InlineData("""{"input_tokens":1,"output_tokens":1,"cache_creation_input_tokens":10}""", 10, 0)]
    [InlineData("""{"input_tokens":1,"output_tokens":1,"cache_creation_input_tokens":10,"cache_creation":{"ephemeral_1h_input_tokens":6}}""", 4, 6)]
    [InlineData("""{"input_tokens":1,"output_tokens":1,"cache_creation":{"ephemeral_5m_input_tokens":4,"ephemeral_1h_input_tokens":6}}""", 4, 6)]
    [InlineData("""{"input_tokens":1,"output_tokens":1,"cache_creation_input_tokens":null,"cache_creation":null}""", 0, 0)]
    public void Splits_cache_writes_and_takes_the_rest_for_five_minutes(string usage, long fiveMinutes, long hour)
    {
        TokenUsage? read = OfAnthropic(usage);
        Assert.Equal((fiveMinutes, hour), (read?.CacheWrite5m, read?.CacheWrite1h));
    }

    [Fact]
    public void Subtracts_what_gemini_includes_and_adds_what_stands_beside() =>
        Assert.Equal(
            new TokenUsage { UncachedInput = 62, CacheRead = 30, AudioInput = 15, Output = 33, Reasoning = 15, AudioOutput = 2 },
            OfGemini("""
                {"promptTokenCount":100,"toolUsePromptTokenCount":7,"cachedContentTokenCount":30,"candidatesTokenCount":20,"thoughtsTokenCount":15,
                 "promptTokensDetails":[{"modality":"TEXT","tokenCount":80},{"modality":"AUDIO","tokenCount":20}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":5}],
                 "candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":2}]}
                """));

    [Theory]
    [InlineData(WireFormat.Anthropic, "null")]
    [InlineData(WireFormat.Anthropic, """{"input_tokens":10}""")]
    [InlineData(WireFormat.Anthropic, """{"input_tokens":-10,"output_tokens":5}""")]
    [InlineData(WireFormat.Anthropic, """{"input_tokens":0,"output_tokens":0}""")]
    [InlineData(WireFormat.Anthropic, """{"input_tokens":"10","output_tokens":9e99}""")]
    [InlineData(WireFormat.Gemini, "7")]
    [InlineData(WireFormat.Gemini, """{"candidatesTokenCount":5}""")]
    [InlineData(WireFormat.Gemini, """{"promptTokenCount":0}""")]
    [InlineData(WireFormat.Gemini, """{"promptTokenCount":99999999999}""")]
    public void Takes_absurd_usage_for_missing(WireFormat format, string usage) =>
        Assert.Null(format == WireFormat.Gemini ? OfGemini(usage) : OfAnthropic(usage));

    [Fact]
    public void Never_makes_more_of_details_than_of_their_total() =>
        Assert.Equal(
            new TokenUsage { CacheRead = 10, Output = 5, AudioOutput = 0 },
            OfGemini("""{"promptTokenCount":10,"cachedContentTokenCount":99,"candidatesTokenCount":5,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":99}]}"""));

    [Theory]
    [InlineData(WireFormat.OpenAiChat)]
    [InlineData(WireFormat.Anthropic)]
    [InlineData(WireFormat.Gemini)]
    public void Keeps_totals_through_every_protocol(WireFormat format)
    {
        TokenUsage usage = new() { UncachedInput = 55, CacheRead = 30, CacheWrite5m = 10, CacheWrite1h = 3, AudioInput = 5, Output = 38, Reasoning = 20, AudioOutput = 2 };
        CanonicalAnswer answer = new("id", "m", [new ChatChoice(0, [new ChatPart.Text("a")], StopReason.EndTurn)], usage);
        TokenUsage? read = AnswerReader.TryRead(AnswerTranslator.Write(answer, format, new AnswerFrame("i", "m", DateTimeOffset.UnixEpoch)), format)?.Usage;
        Assert.Equal((usage.TotalInput, usage.TotalOutput, usage.CacheRead, usage.Reasoning), (read?.TotalInput, read?.TotalOutput, read?.CacheRead, read?.Reasoning));
    }

    private static TokenUsage? OfAnthropic(string usage) => Read("""{"type":"message","content":[],"usage":""" + usage + "}", WireFormat.Anthropic);

    private static TokenUsage? OfGemini(string usage) =>
        Read("""{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":""" + usage + "}", WireFormat.Gemini);

    private static TokenUsage? Read(string body, WireFormat format)
    {
        ChatAnswer? answer = AnswerReader.TryRead(Encoding.UTF8.GetBytes(body), format);
        Assert.NotNull(answer);
        return answer.Usage;
    }
}
