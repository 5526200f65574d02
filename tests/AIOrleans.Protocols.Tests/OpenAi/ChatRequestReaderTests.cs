using System.Text;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Tests.OpenAi;

public sealed class ChatRequestReaderTests
{
    private const string Messages = """
        "messages":[{"role":"user","content":"hi"}]
        """;

    [Fact]
    public void Reads_what_the_gateway_needs()
    {
        ChatRequest request = Read("""
            { "temperature": 0.5, "messages": [ {"role":"system","content":"a\u00e9\n"}, {"role":"user","content":[
                {"type":"text","text":"four"}, {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
                {"type":"input_audio","input_audio":{"data":"BBBBBB","format":"wav"}}, {"type":"file","file":{"file_id":"f"}} ]},
                {"role":"assistant","content":null,"tool_calls":[]} ],
              "model": "gpt-4o", "stream": true, "stream_options": {"include_obfuscation":false,"include_usage":true},
              "max_tokens": 5, "max_completion_tokens": 7, "n": 2, "user": "u" }
            """);

        Assert.Equal("gpt-4o", request.Model);
        Assert.True(request.Stream);
        Assert.True(request.IncludeUsageAsked);
        Assert.Equal(7, request.MaxOutputTokens);
        Assert.Equal(2, request.N);
        Assert.Equal(3, request.MessageCount);
        Assert.Equal((1, 1, 1), (request.ImageCount, request.AudioCount, request.FileCount));
        Assert.Equal(6, request.AudioBytes);
        Assert.Equal(4 + "aé\n"u8.Length, request.TextBytes);
        Assert.Equal(request.Body.Length - 6 - "data:image/png;base64,AAAA".Length, request.InputBytes);
        Assert.StartsWith("[ {", Encoding.UTF8.GetString(request.Body.Span.Slice(request.Messages.Start, request.Messages.Length)));
    }

    [Fact]
    public void Takes_null_for_absent()
    {
        ChatRequest request = Read($$"""{"model":"m",{{Messages}},"stream":null,"stream_options":null,"max_tokens":null,"max_completion_tokens":null,"n":null,"user":null}""");

        Assert.Equal((false, false, (long?)null, 1), (request.Stream, request.IncludeUsageAsked, request.MaxOutputTokens, request.N));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("nonsense", null, null)]
    [InlineData("{", null, null)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}]} {}""", null, null)]
    [InlineData("""{"model":"\ud800","messages":[{"role":"user","content":"hi"}]}""", null, null)]
    [InlineData("[]", null, "invalid_type")]
    [InlineData("null", null, "invalid_type")]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", "model", "missing_required_parameter")]
    [InlineData("""{"model":7,"messages":[{"role":"user","content":"hi"}]}""", "model", "invalid_type")]
    [InlineData("""{"model":"","messages":[{"role":"user","content":"hi"}]}""", "model", "empty_string")]
    [InlineData("""{"model":"m"}""", "messages", "missing_required_parameter")]
    [InlineData("""{"model":"m","messages":"hi"}""", "messages", "invalid_type")]
    [InlineData("""{"model":"m","messages":[]}""", "messages", "empty_array")]
    [InlineData("""{"model":"m","messages":["hi"]}""", "messages[0]", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user"},{"content":"hi"}]}""", "messages[1].role", "missing_required_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":1,"content":"hi"}]}""", "messages[0].role", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":{}}]}""", "messages[0].content", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":["x"]}]}""", "messages[0].content[0]", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a","content":"b"}]}""", "messages[0].content", "duplicate_parameter")]
    [InlineData("""{"stream":"yes"}""", "stream", "invalid_type")]
    [InlineData("""{"stream_options":[]}""", "stream_options", "invalid_type")]
    [InlineData("""{"stream_options":{"include_usage":1}}""", "stream_options.include_usage", "invalid_type")]
    [InlineData("""{"stream_options":{"include_usage":true,"include_usage":false}}""", "stream_options.include_usage", "duplicate_parameter")]
    [InlineData("""{"max_tokens":0}""", "max_tokens", "integer_below_min_value")]
    [InlineData("""{"max_tokens":1.5}""", "max_tokens", "invalid_type")]
    [InlineData("""{"max_completion_tokens":-1}""", "max_completion_tokens", "integer_below_min_value")]
    [InlineData("""{"max_completion_tokens":99999999999}""", "max_completion_tokens", "integer_above_max_value")]
    [InlineData("""{"n":129}""", "n", "integer_above_max_value")]
    [InlineData("""{"user":5}""", "user", "invalid_type")]
    [InlineData("""{"model":"a","model":"b"}""", "model", "duplicate_parameter")]
    [InlineData("""{"model":"a","\u006dodel":"b"}""", "model", "duplicate_parameter")]
    [InlineData("""{"n":1,"n":100}""", "n", "duplicate_parameter")]
    [InlineData("""{"model":"a","Model":"b"}""", null, "unknown_parameter")]
    [InlineData("""{"\u017ftream":true}""", null, "unknown_parameter")]
    [InlineData("""{"max_to\u212aens":9}""", null, "unknown_parameter")]
    public void Says_what_is_wrong(string body, string? param, string? code)
    {
        RequestMistake? mistake = ChatRequestReader.Read(Encoding.UTF8.GetBytes(body)).Mistake;
        Assert.NotNull(mistake);
        Assert.Equal(code, mistake.Code);
        if (code != "unknown_parameter")
        {
            Assert.Equal(param, mistake.Param);
        }

        Assert.NotEmpty(mistake.Message);
    }

    [Fact]
    public void Words_a_mistake_as_openai_does()
    {
        RequestMistake? mistake = ChatRequestReader.Read("""{"n":0}"""u8.ToArray()).Mistake;
        Assert.Equal("Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.", mistake?.Message);
        Assert.Equal("invalid_request_error", mistake?.ToError().Type);
    }

    [Fact]
    public void Refuses_bytes_that_are_no_utf8_and_nesting_without_end()
    {
        byte[] body = [.. "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\""u8, 0xFF, .. "\"}]}"u8];
        Assert.NotNull(ChatRequestReader.Read(body).Mistake);
        Assert.NotNull(ChatRequestReader.Read(Encoding.UTF8.GetBytes($$"""{"model":"m",{{Messages}},"x":{{new string('[', 1000)}}""")).Mistake);
    }

    [Fact]
    public void Never_throws_on_mutated_bodies()
    {
        byte[] original = Encoding.UTF8.GetBytes(
            """{"model":"gp\u0074","messages":[{"role":"user","content":[{"type":"text","text":"h\ud83d\ude00"},{"type":"image_url","image_url":{"url":"x"}}]}],"stream":true,"stream_options":{"include_usage":false},"n":2}""");
        const string Bytes = "{}[]\":,\\u0dn\0\u00ff\u0080";
        Random random = new(4711);
        for (int i = 0; i < 50_000; i++)
        {
            byte[] body = (byte[])original.Clone();
            for (int k = random.Next(1, 4); k > 0; k--)
            {
                body[random.Next(body.Length)] = (byte)Bytes[random.Next(Bytes.Length)];
            }

            ReadOnlyMemory<byte> cut = body.AsMemory(0, random.Next(4) == 0 ? random.Next(body.Length) : body.Length);
            if (ChatRequestReader.Read(cut).Request is { } request)
            {
                ReadOnlyMemory<byte> patched = ChatRequestPatch.Apply(request, "other");
                Assert.Equal("other", ChatRequestReader.Read(patched).Request?.Model);
            }
        }
    }

    private static ChatRequest Read(string body)
    {
        (ChatRequest? request, RequestMistake? mistake) = ChatRequestReader.Read(Encoding.UTF8.GetBytes(body));
        Assert.Null(mistake?.Message);
        Assert.NotNull(request);
        return request;
    }
}
