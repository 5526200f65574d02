using System.Text;
using AIOrleans.Core.Limits;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Tests.Calls;

public sealed class CallReaderTests
{
    private const string Hi = """[{"role":"user","content":"hi"}]""";

    private static readonly CallAddress Gemini = new("flash", Stream: true);

    [Fact]
    public void Reads_what_the_gateway_needs_of_an_anthropic_call()
    {
        CallFacts call = Read("""
            {"model":"claude","max_tokens":77,"stream":true,"system":[{"type":"text","text":"é"}],"messages":[
              {"role":"user","content":[{"type":"text","text":"four"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                {"type":"image","source":{"type":"url","url":"https://example.org/a.png"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"six..."}}]},
              {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"two"},{"type":"image","source":{"type":"base64","data":"BBBBBB"}}]}]}]}
            """, WireFormat.Anthropic);

        Assert.Equal(("claude", true, 77L, 1), (call.Model, call.Stream, call.MaxOutputTokens, call.N));
        Assert.Equal((3, 3, 0, false), (call.MessageCount, call.ImageCount, call.FileCount, call.ReadsMore));
        Assert.Equal(2 + 4 + 6 + 3, call.TextBytes);
        Assert.Equal(call.Body.Length - 4 - 6, call.InputBytes);
        Assert.Equal(new CallShape(call.InputBytes, 3, ReadsMore: false, 77, 1), call.ToShape());
    }

    [Fact]
    public void Reads_what_the_gateway_needs_of_a_gemini_call()
    {
        CallFacts call = Read("""
            {"contents":[{"role":"user","parts":[{"text":"four"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},{"parts":[{"functionResponse":{"name":"f","response":{}}}]}],
             "system_instruction":{"parts":[{"text":"é"}]},"generation_config":{"max_output_tokens":9,"candidateCount":2}}
            """, WireFormat.Gemini, Gemini);

        Assert.Equal(("flash", true, 9L, 2), (call.Model, call.Stream, call.MaxOutputTokens, call.N));
        Assert.Equal((2, 1, false, 6L), (call.MessageCount, call.ImageCount, call.ReadsMore, call.TextBytes));
        Assert.Equal(call.Body.Length - 4, call.InputBytes);
    }

    [Fact]
    public void Reads_an_openai_call_with_its_own_reader()
    {
        CallFacts call = Read($$"""{"model":"gpt","messages":{{Hi}},"n":2,"max_tokens":5}""", WireFormat.OpenAiChat);
        Assert.Equal((WireFormat.OpenAiChat, "gpt", 5L, 2, 2L), (call.Format, call.Model, call.MaxOutputTokens, call.N, call.TextBytes));
    }

    [Theory]
    [InlineData(WireFormat.Anthropic, """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}}""")]
    [InlineData(WireFormat.Anthropic, """{"type":"document","source":{"type":"url","url":"https://example.org/a.pdf"}}""")]
    [InlineData(WireFormat.Gemini, """{"inline_data":{"mime_type":"application/pdf","data":"AAAA"}}""")]
    [InlineData(WireFormat.Gemini, """{"fileData":{"mimeType":"video/mp4","fileUri":"https://example.org/a.mp4"}}""")]
    [InlineData(WireFormat.Gemini, """{"inlineData":{"mimeType":"audio/wav","data":"AAAA"}}""")]
    public void Does_not_bound_input_that_the_provider_takes_apart(WireFormat format, string part) =>
        Assert.True(Read(Wrap(format, part), format, Gemini).ReadsMore);

    [Theory]
    [InlineData(WireFormat.Anthropic, "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]")]
    [InlineData(WireFormat.Anthropic, "\"mcp_servers\":[]")]
    [InlineData(WireFormat.Gemini, "\"tools\":[{\"google_search\":{}}]")]
    [InlineData(WireFormat.Gemini, "\"cachedContent\":\"cachedContents/x\"")]
    public void Does_not_bound_input_that_the_providers_tools_and_caches_bring(WireFormat format, string member) =>
        Assert.True(Read(Wrap(format, "{\"type\":\"text\",\"text\":\"a\"}")[..^1] + "," + member + "}", format, Gemini).ReadsMore);

    [Fact]
    public void Bounds_text_that_pretends_to_be_a_payload() =>
        Assert.Equal(0, Read(Wrap(WireFormat.Anthropic, """{"type":"text","text":"a","source":{"type":"base64","data":"not counted out"}}"""), WireFormat.Anthropic) is var call
            ? call.Body.Length - call.InputBytes : -1);

    [Theory]
    [InlineData(WireFormat.Anthropic, "nonsense", null, null)]
    [InlineData(WireFormat.Anthropic, "[]", null, "invalid_type")]
    [InlineData(WireFormat.Anthropic, "{}", "model", "missing_required_parameter")]
    [InlineData(WireFormat.Anthropic, """{"model":"","max_tokens":1,"messages":[{"role":"user","content":"a"}]}""", "model", "empty_string")]
    [InlineData(WireFormat.Anthropic, """{"model":"m","messages":[{"role":"user","content":"a"}]}""", "max_tokens", "missing_required_parameter")]
    [InlineData(WireFormat.Anthropic, """{"model":"m","max_tokens":-1,"messages":[{"role":"user","content":"a"}]}""", "max_tokens", "integer_below_min_value")]
    [InlineData(WireFormat.Anthropic, """{"model":"m","max_tokens":1,"messages":[]}""", "messages", "empty_array")]
    [InlineData(WireFormat.Anthropic, """{"model":"m","max_tokens":1,"messages":["a"]}""", "messages[0]", "invalid_type")]
    [InlineData(WireFormat.Anthropic, """{"model":"m","max_tokens":1,"max_tokens":9,"messages":[{"role":"user","content":"a"}]}""", "max_tokens", "duplicate_parameter")]
    [InlineData(WireFormat.Anthropic, """{"model":"m","max_tokens":1,"Max_Tokens":9,"messages":[{"role":"user","content":"a"}]}""", null, "unknown_parameter")]
    [InlineData(WireFormat.Anthropic, """{"model":"m","max_tokens":1,"messages":[{"role":"user","role":"user","content":"a"}]}""", "messages[0].role", "duplicate_parameter")]
    [InlineData(WireFormat.Anthropic, """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"\ud800"}]}""", null, null)]
    [InlineData(WireFormat.Gemini, "{}", "contents", "missing_required_parameter")]
    [InlineData(WireFormat.Gemini, """{"contents":["a"]}""", "contents[0]", "invalid_type")]
    [InlineData(WireFormat.Gemini, """{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"maxOutputTokens":0}}""", "generationConfig.maxOutputTokens", "integer_below_min_value")]
    [InlineData(WireFormat.Gemini, """{"contents":[{"parts":[]}],"generationConfig":{"maxOutputTokens":1,"max_output_tokens":9}}""", "generationConfig.maxOutputTokens", "duplicate_parameter")]
    [InlineData(WireFormat.Gemini, """{"contents":[{"parts":[]}],"GenerationConfig":{}}""", null, "unknown_parameter")]
    public void Says_what_is_wrong(WireFormat format, string body, string? param, string? code)
    {
        (CallFacts? call, RequestMistake? mistake) = CallReader.Read(Encoding.UTF8.GetBytes(body), format, Gemini);
        Assert.Null(call);
        Assert.Equal((code, param), (mistake?.Code, code == "unknown_parameter" ? param : mistake?.Param));
    }

    [Fact]
    public void Needs_no_bound_where_tokens_are_only_counted()
    {
        CallFacts call = Read($$"""{"model":"m","messages":{{Hi}}}""", WireFormat.Anthropic, new CallAddress("", Stream: false, CountsOnly: true));
        Assert.Equal(0, call.MaxOutputTokens);
    }

    [Theory]
    [InlineData("""{ "model" : "a" , "max_tokens":1.0e0, "x":1.50 }""", """{ "model" : "up\"x" , "max_tokens":1.0e0, "x":1.50 }""")]
    [InlineData("""{"messages":[{"role":"user","content":"\"model\":\"a\""}],"\u006dodel":"\u0061","max_tokens":5}""",
        """{"messages":[{"role":"user","content":"\"model\":\"a\""}],"\u006dodel":"up\"x","max_tokens":5}""")]
    public void Changes_only_the_model_of_an_anthropic_body(string body, string expected)
    {
        if (!body.Contains("messages", StringComparison.Ordinal))
        {
            (body, expected) = (body.Replace("1.0e0", $"1,\"messages\":{Hi}", StringComparison.Ordinal), expected.Replace("1.0e0", $"1,\"messages\":{Hi}", StringComparison.Ordinal));
        }

        CallFacts call = Read(body, WireFormat.Anthropic);
        Assert.Equal(expected, Encoding.UTF8.GetString(CallPatch.Apply(call, "up\"x").Span));
        Assert.True(CallPatch.Apply(call, "a").Equals(call.Body));
    }

    [Fact]
    public void Leaves_a_gemini_body_alone() =>
        Assert.True(Read("""{"contents":[{"parts":[{"text":"a"}]}]}""", WireFormat.Gemini, Gemini) is var call && CallPatch.Apply(call, "other").Equals(call.Body));

    [Theory]
    [InlineData(WireFormat.Anthropic, """{"input_tokens":42}""")]
    [InlineData(WireFormat.Gemini, """{"totalTokens":42}""")]
    public void Reads_and_writes_token_counts(WireFormat format, string body)
    {
        Assert.Equal(42, TokenCount.TryRead(Encoding.UTF8.GetBytes(body), format));
        Assert.Equal(body, Encoding.UTF8.GetString(TokenCount.Write(42, format).Span));
        Assert.Null(TokenCount.TryRead("{"u8.ToArray(), format));
    }

    [Fact]
    public void Translates_a_request_to_count_only()
    {
        CallAddress counts = new("", Stream: false, CountsOnly: true);
        CanonicalRequest? request = RequestTranslator.Read(Encoding.UTF8.GetBytes($$"""{"model":"m","messages":{{Hi}}}"""), WireFormat.Anthropic, counts).Request;
        Assert.NotNull(request);
        Assert.Equal(
            """{"generateContentRequest":{"model":"models/up","contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":{}}}""",
            Text(RequestTranslator.Write(request, WireFormat.Gemini, new UpstreamShape("up") { CountsOnly = true }).Translated));
        Assert.Equal(
            """{"model":"up","messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}""",
            Text(RequestTranslator.Write(request, WireFormat.Anthropic, new UpstreamShape("up") { CountsOnly = true }).Translated));
    }

    private static string? Text(TranslatedRequest? translated) => translated is null ? null : Encoding.UTF8.GetString(translated.Body.Span);

    private static string Wrap(WireFormat format, string part) => format == WireFormat.Gemini
        ? $$"""{"contents":[{"role":"user","parts":[{{part}}]}]}"""
        : $$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{{part}}]}]}""";

    private static CallFacts Read(string body, WireFormat format, CallAddress? address = null)
    {
        (CallFacts? call, RequestMistake? mistake) = CallReader.Read(Encoding.UTF8.GetBytes(body), format, address);
        Assert.Null(mistake?.Message);
        Assert.NotNull(call);
        return call;
    }
}
