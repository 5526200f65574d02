using System.Text;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Tests.OpenAi;

public sealed class ChatAnswerReaderTests
{
    [Fact]
    public void Makes_usage_disjoint() =>
        Assert.Equal(
            new TokenUsage { UncachedInput = 55, CacheRead = 30, CacheWrite5m = 10, AudioInput = 5, Output = 38, Reasoning = 20, AudioOutput = 2 },
            UsageOf("""
                {"prompt_tokens":100,"completion_tokens":40,"total_tokens":140,
                 "prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":10,"audio_tokens":5,"image_tokens":9},
                 "completion_tokens_details":{"reasoning_tokens":20,"audio_tokens":2,"accepted_prediction_tokens":1}}
                """));

    [Fact]
    public void Never_makes_more_of_details_than_of_their_total() =>
        Assert.Equal(
            new TokenUsage { CacheRead = 100, Output = 40, Reasoning = 40 },
            UsageOf("""
                {"prompt_tokens":100,"completion_tokens":40,"prompt_tokens_details":{"cached_tokens":101,"audio_tokens":7},
                 "completion_tokens_details":{"reasoning_tokens":90,"audio_tokens":-1}}
                """));

    [Fact]
    public void Adds_reasoning_where_only_the_total_holds_it() =>
        Assert.Equal(
            new TokenUsage { UncachedInput = 10, Output = 55, Reasoning = 50 },
            UsageOf("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":65,"completion_tokens_details":{"reasoning_tokens":50}}"""));

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"prompt_tokens":10}""")]
    [InlineData("""{"prompt_tokens":-10,"completion_tokens":5}""")]
    [InlineData("""{"prompt_tokens":"10","completion_tokens":5}""")]
    [InlineData("""{"prompt_tokens":10.5,"completion_tokens":5}""")]
    [InlineData("""{"prompt_tokens":1e300,"completion_tokens":5}""")]
    [InlineData("""{"prompt_tokens":9223372036854775807,"completion_tokens":5}""")]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0}""")]
    public void Takes_absurd_usage_for_missing(string usage) => Assert.Null(UsageOf(usage));

    [Fact]
    public void Reads_identity_and_length()
    {
        ChatAnswer? answer = Read("""{"id":"c","model":"up","service_tier":"flex","choices":[{"message":{"role":"assistant","content":"abc"},"finish_reason":"length"},{"message":{"content":"de"}}]}""");
        Assert.Equal(new ChatAnswer("c", "up", "length", null, ServiceTier.Flex, 5, 2), answer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("[]")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":null}""")]
    [InlineData("""{"error":{"message":"m"}}""")]
    [InlineData("""{"choices":[{"message":{"content":"a"}}]""")]
    public void Refuses_what_is_no_answer(string body) => Assert.Null(Read(body));

    [Fact]
    public void Never_throws_on_mutated_answers()
    {
        byte[] original = """{"id":"c\u0041","choices":[{"message":{"content":"ab\ud83d\ude00"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"""u8.ToArray();
        Random random = new(7);
        for (int i = 0; i < 50_000; i++)
        {
            byte[] body = (byte[])original.Clone();
            body[random.Next(body.Length)] = (byte)random.Next(256);
            body[random.Next(body.Length)] = (byte)"{}[]\":,\\u0d"[random.Next(11)];
            ChatAnswerReader.TryRead(body);
            OpenAiErrors.TryRead(body);
        }
    }

    private static TokenUsage? UsageOf(string usage)
    {
        ChatAnswer? answer = Read("""{"choices":[{"message":{"content":"a"}}],"usage":""" + usage + "}");
        Assert.NotNull(answer);
        return answer.Usage;
    }

    private static ChatAnswer? Read(string body) => ChatAnswerReader.TryRead(Encoding.UTF8.GetBytes(body));
}
