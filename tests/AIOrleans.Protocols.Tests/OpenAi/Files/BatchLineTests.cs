using System.Text;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi.Files;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Tests.OpenAi.Files;

/// <summary>Lines of the input and of the output of batches.</summary>
public sealed class BatchLineTests
{
    private const string Chat = """{"custom_id":"a","x":[1 , 2],"method":"POST","url":"/v1/chat/completions","body": {"n":1,"model":"alias" ,"messages":[{"role":"user","content":"Grüße"}]} ,"y":null}""";

    [Theory]
    [InlineData(Chat)]
    [InlineData("""{"body":{"input":["a","b"],"model":"alias"},"url":"/v1/embeddings","method":"POST","custom_id":"a"}""")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/responses","body":{"model":"alias","input":"x","foreign":{"model":"alias"}}}""")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/completions","body":{"model":"alias","prompt":"x"}}""")]
    public void The_model_is_replaced_and_every_other_byte_stays(string line)
    {
        BatchLine read = Read(line);

        int at = line.LastIndexOf("\"alias\"", line.Contains("foreign", StringComparison.Ordinal) ? line.IndexOf("foreign", StringComparison.Ordinal) : line.Length - 1, StringComparison.Ordinal);
        Assert.Equal("alias", read.Call.Model);
        Assert.Equal(line[..at] + "\"up \\\"1\\\"\"" + line[(at + 7)..], Encoding.UTF8.GetString(read.WithModel("up \"1\"")));
        Assert.Equal(line, Encoding.UTF8.GetString(read.WithModel("alias")));
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("""{"method":"POST","url":"/v1/chat/completions","body":{}}""", "custom_id")]
    [InlineData("""{"custom_id":"a","custom_id":"b","method":"POST","url":"/v1/chat/completions","body":{}}""", "custom_id")]
    [InlineData("""{"custom_id":"a","method":"GET","url":"/v1/chat/completions","body":{}}""", "method")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/images/generations","body":{}}""", "url")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":[]}""", "body")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","Body":{}}""", "body")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"alias"}}""", "messages")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"alias","stream":true,"messages":[{"role":"user","content":"x"}]}}""", "stream")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/responses","body":{"model":"alias","service_tier":"flex","input":"x"}}""", "service_tier")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/responses","body":{"model":"alias","background":true,"input":"x"}}""", "background")]
    public void A_mistake_is_told_by_its_field(string line, string? param)
    {
        (BatchLine? read, RequestMistake? mistake) = BatchLine.Read(Encoding.UTF8.GetBytes(line));

        Assert.Null(read);
        Assert.NotNull(mistake);
        Assert.Equal(param, mistake.Param);
    }

    [Fact]
    public void An_answer_tells_its_usage_and_a_failure_costs_nothing()
    {
        BatchOutcome? good = Outcome("""{"custom_id":"a","response":{"status_code":200,"body":{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":4}}}},"error":null}""");
        BatchOutcome? silent = Outcome("""{"custom_id":"a","response":{"status_code":200,"body":{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}},"error":null}""");

        Assert.Equal(new TokenUsage { UncachedInput = 5, CacheRead = 4, Output = 2 }, good?.Usage);
        Assert.True(silent is { IsAnswered: true, Usage: null, OutputTokens: > 0 });
        Assert.False(Outcome("""{"custom_id":"a","response":{"status_code":400,"body":{"error":{"message":"x"}}},"error":null}""")!.Value.IsAnswered); // ! It is a line.
        Assert.False(Outcome("""{"custom_id":"a","response":null,"error":{"code":"batch_expired"}}""")!.Value.IsAnswered); // ! It is a line.
        Assert.Null(Outcome("garbage"));
    }

    [Fact]
    public void Files_are_found_wherever_they_are_named()
    {
        const string Body = """
            {"a":[{"file_id":"abc"},{"container":{"file_ids":["def","file-1"]}}],"text":"see file-2 there","x":"file-3","y":"\u0066ile-4","z":{"\u0066ile_id":"ghi"},"assistant":"assistant-5","file_id":"abc"}
            """;

        Assert.Equal("abc def file-1 file-3 file-4 ghi assistant-5", string.Join(' ', FileReferences.Of(Encoding.UTF8.GetBytes(Body))));
        Assert.Empty(FileReferences.Of("{\"text\":\"no such thing\"}"u8.ToArray()));
        Assert.Empty(FileReferences.Of("{\"file_id\":"u8.ToArray()));
    }

    private static BatchLine Read(string line)
    {
        (BatchLine? read, RequestMistake? mistake) = BatchLine.Read(Encoding.UTF8.GetBytes(line));
        Assert.True(read is not null, mistake?.Message);
        return read;
    }

    private static BatchOutcome? Outcome(string line) => BatchOutcome.TryRead(Encoding.UTF8.GetBytes(line), WireFormat.OpenAiChat, TokenFamily.Unknown);
}
