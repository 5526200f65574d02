using System.Text;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Tests.Tokens;

public sealed class CallTokensTests
{
    private const string Question = "How many legs does a spider have?";

    private static readonly long QuestionTokens = TokenEstimate.Of(Encoding.UTF8.GetBytes(Question), TokenFamily.O200k);

    /// <summary>The same call in every protocol: a sentence of instructions and a question.</summary>
    public static TheoryData<WireFormat, string> Calls => new()
    {
        { WireFormat.OpenAiChat, """{"model":"m","messages":[{"role":"system","content":"Be short."},{"role":"user","content":[{"type":"text","text":"How many legs does a spider have?"}]}]}""" },
        { WireFormat.OpenAiResponses, """{"model":"m","instructions":"Be short.","input":[{"role":"user","content":[{"type":"input_text","text":"How many legs does a spider have?"}]}]}""" },
        { WireFormat.OpenAiResponses, """{"model":"m","instructions":"Be short.","input":"How many legs does a spider have?"}""" },
        { WireFormat.Anthropic, """{"model":"m","max_tokens":9,"system":"Be short.","messages":[{"role":"user","content":"How many legs does a spider have?"}]}""" },
        { WireFormat.Gemini, """{"systemInstruction":{"parts":[{"text":"Be short."}]},"contents":[{"role":"user","parts":[{"text":"How many legs does a spider have?"}]}]}""" },
        { WireFormat.Gemini, """{"generate_content_request":{"system_instruction":{"parts":{"text":"Be short."}},"contents":{"parts":{"text":"How many legs does a spider have?"}}}}""" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void Counts_the_texts_and_what_is_put_around_them(WireFormat format, string body)
    {
        long texts = QuestionTokens + TokenEstimate.Of("Be short."u8, TokenFamily.O200k);
        Assert.InRange(Estimate(format, body), texts + 3 + 4, texts + 3 + 8);
        Assert.Equal(
            TokenEstimate.Of(Encoding.UTF8.GetBytes(Question), TokenFamily.Gemini) + TokenEstimate.Of("Be short."u8, TokenFamily.Gemini),
            Estimate(format, body, TokenFamily.Gemini));
    }

    [Fact]
    public void Escapes_count_as_what_they_stand_for()
    {
        string plain = """{"model":"m","messages":[{"role":"user","content":"Größe 😀 日本語 «a» b\tc"}]}""";
        string escaped = """{"model":"m","messages":[{"role":"user","content":"Gr\u00f6\u00DFe \ud83d\ude00 \u65e5\u672c\u8a9e \u00aba\u00bb b\u0009c"}]}""";
        Assert.Equal(Estimate(WireFormat.OpenAiChat, plain), Estimate(WireFormat.OpenAiChat, escaped));
    }

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAAAAAAAAAA"}}""", TokenFamily.O200k, 765)]
    [InlineData(WireFormat.OpenAiChat, """{"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}}""", TokenFamily.O200k, 85)]
    [InlineData(WireFormat.OpenAiChat, """{"type":"input_audio","input_audio":{"data":"AAAAAAAAAAAA","format":"wav"}}""", TokenFamily.O200k, 0)]
    [InlineData(WireFormat.OpenAiChat, """{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAAAAAAAAAA"}}""", TokenFamily.O200k, 0)]
    [InlineData(WireFormat.Anthropic, """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAAAAAAAAAA"}}""", TokenFamily.Claude, 1600)]
    [InlineData(WireFormat.Anthropic, """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAAAAAAAAAA"}}""", TokenFamily.Claude, 0)]
    [InlineData(WireFormat.Anthropic, """{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]}""", TokenFamily.Claude, 1600)]
    [InlineData(WireFormat.Gemini, """{"inlineData":{"mimeType":"image/png","data":"AAAAAAAAAAAA"}}""", TokenFamily.Gemini, 258)]
    [InlineData(WireFormat.Gemini, """{"file_data":{"mime_type":"image/png","file_uri":"https://example.com/a"}}""", TokenFamily.Gemini, 258)]
    [InlineData(WireFormat.Gemini, """{"inlineData":{"mimeType":"audio/wav","data":"AAAAAAAAAAAA"}}""", TokenFamily.Gemini, 0)]
    public void A_picture_counts_what_its_provider_says_and_a_payload_nothing(WireFormat format, string part, TokenFamily family, long tokens) =>
        Assert.Equal(tokens, Estimate(format, BodyOf(format, part), family) - Estimate(format, BodyOf(format, ""), family));

    [Fact]
    public void A_document_that_is_text_is_read() =>
        Assert.Equal(
            TokenEstimate.Of(Encoding.UTF8.GetBytes(Question), TokenFamily.Claude),
            Estimate(WireFormat.Anthropic, BodyOf(WireFormat.Anthropic, $$"""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"{{Question}}"} }"""), TokenFamily.Claude)
                - Estimate(WireFormat.Anthropic, BodyOf(WireFormat.Anthropic, ""), TokenFamily.Claude));

    [Fact]
    public void Tools_count_their_words_at_OpenAI_and_their_JSON_elsewhere()
    {
        const string Schema = """{"type":"object","properties":{"city":{"type":"string","description":"Name of the city"}},"required":["city"]}""";
        string openAi = BodyOf(WireFormat.OpenAiChat, "", $$""","tools":[{"type":"function","function":{"name":"weather","description":"Current weather","parameters":{{Schema}} } }]""");
        string anthropic = BodyOf(WireFormat.Anthropic, "", $$""","tools":[{"name":"weather","description":"Current weather","input_schema":{{Schema}} }]""");
        Assert.InRange(Estimate(WireFormat.OpenAiChat, openAi) - Estimate(WireFormat.OpenAiChat, BodyOf(WireFormat.OpenAiChat, "")), 12 + 7 + 10, 12 + 7 + 25);
        Assert.InRange(Estimate(WireFormat.Anthropic, anthropic, TokenFamily.Claude) - Estimate(WireFormat.Anthropic, BodyOf(WireFormat.Anthropic, ""), TokenFamily.Claude), 346 + 30, 346 + 60);
    }

    /// <summary>The examples that providers show in their guides to counting tokens, with the counts that they show.</summary>
    [Theory]
    [InlineData(TokenFamily.Claude, WireFormat.Anthropic, 14, """{"model":"m","system":"You are a scientist","messages":[{"role":"user","content":"Hello, Claude"}]}""")]
    [InlineData(TokenFamily.Claude, WireFormat.Anthropic, 403, """
        {"model":"m","tools":[{"name":"get_weather","description":"Get the current weather in a given location","input_schema":{"type":"object","properties":
        {"location":{"type":"string","description":"The city and state, e.g. San Francisco, CA"}},"required":["location"]}}],
        "messages":[{"role":"user","content":"What's the weather like in San Francisco?"}]}
        """)]
    [InlineData(TokenFamily.Gemini, WireFormat.Gemini, 10, """{"contents":[{"parts":[{"text":"The quick brown fox jumps over the lazy dog."}]}]}""")]
    public void Comes_within_a_fifth_or_four_tokens_of_what_providers_show(TokenFamily family, WireFormat format, long shown, string body) =>
        Assert.InRange(Math.Abs(Estimate(format, body, family) - shown), 0, Math.Max(shown / 5, 4));

    [Fact]
    public void Calls_of_tools_and_their_results_count()
    {
        long without = Estimate(WireFormat.Anthropic, BodyOf(WireFormat.Anthropic, ""), TokenFamily.Claude);
        foreach (string part in (string[])
        [
            """{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Berlin","days":3}}""",
            """{"type":"tool_result","tool_use_id":"toolu_1","content":"Sunny, with a light wind from the east."}""",
        ])
        {
            Assert.InRange(Estimate(WireFormat.Anthropic, BodyOf(WireFormat.Anthropic, part), TokenFamily.Claude) - without, 8, 25);
        }
    }

    [Fact]
    public void A_prompt_of_tokens_counts_them()
    {
        Assert.Equal(4, Estimate(WireFormat.OpenAiEmbeddings, """{"model":"m","input":[1,2,3,4]}"""));
        Assert.Equal(2 * QuestionTokens, Estimate(WireFormat.OpenAiEmbeddings, $$"""{"model":"m","input":["{{Question}}","{{Question}}"]}"""));
        Assert.Equal(QuestionTokens, Estimate(WireFormat.GeminiEmbedContent, $$"""{"content":{"parts":[{"text":"{{Question}}"}]},"outputDimensionality":256}"""));
        Assert.Equal(
            2 * QuestionTokens,
            Estimate(WireFormat.GeminiEmbeddings, $$"""{"requests":[{"content":{"parts":[{"text":"{{Question}}"}]} },{"content":{"parts":[{"text":"{{Question}}"}]} }]}"""));
        Assert.Equal(QuestionTokens, Estimate(WireFormat.OpenAiCompletions, $$"""{"model":"m","prompt":"{{Question}}"}"""));
    }

    [Fact]
    public void A_body_that_says_something_twice_is_guessed_by_its_bytes() =>
        Assert.Equal(10, Estimate(WireFormat.OpenAiChat, """{"model":"m","user":"a","user":"b","messages":[{"role":"user","content":"0123456789012345678901234567890123456789"}]}"""));

    private static string BodyOf(WireFormat format, string part, string more = "")
    {
        string separator = part.Length > 0 ? "," : "";
        return format switch
        {
            WireFormat.OpenAiChat => $$"""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"Look"}{{separator}}{{part}}]}]{{more}} }""",
            WireFormat.Anthropic => $$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"Look"}{{separator}}{{part}}]}]{{more}} }""",
            _ => $$"""{"contents":[{"role":"user","parts":[{"text":"Look"}{{separator}}{{part}}]}]{{more}} }""",
        };
    }

    private static long Estimate(WireFormat format, string body, TokenFamily family = TokenFamily.O200k)
    {
        (CallFacts? call, RequestMistake? mistake) = CallReader.Read(Encoding.UTF8.GetBytes(body), format, new CallAddress("m", Stream: false, CountsOnly: true));
        return CallTokens.Estimate(call ?? throw new InvalidOperationException(mistake?.Message), family);
    }
}
