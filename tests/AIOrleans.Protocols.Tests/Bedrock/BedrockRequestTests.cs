using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Tests.Bedrock;

/// <summary>What differs between the families of models behind one API. What they share is in <c>Golden/matrix</c>.</summary>
public sealed class BedrockRequestTests
{
    private const string Claude = "global.anthropic.claude-opus-4-6-v1";
    private const string Nova = "us.amazon.nova-pro-v1:0";
    private const string Nova2 = "us.amazon.nova-2-lite-v1:0";
    private const string GptOss = "openai.gpt-oss-120b-1:0";
    private const string Llama = "meta.llama3-3-70b-instruct-v1:0";
    private const string Profile = "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3";

    [Theory]
    [InlineData(Claude, """{"top_k":7}""")]
    [InlineData("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0", """{"top_k":7}""")]
    [InlineData(Nova, """{"inferenceConfig":{"topK":7}}""")]
    [InlineData(Nova2, """{"inferenceConfig":{"topK":7}}""")]
    [InlineData(Llama, null)]
    [InlineData(GptOss, null)]
    public void Writes_top_k_in_the_models_own_words_or_refuses_it(string model, string? extras) =>
        Assert.Equal(extras ?? "refused top_k", Extras(Write(model, """ "max_tokens":9000,"top_k":7 """)));

    [Theory]
    [InlineData(Claude, "low", """{"thinking":{"type":"enabled","budget_tokens":1024}}""")]
    [InlineData(Claude, "none", "none")]
    [InlineData(Nova, "low", "refused reasoning_effort")]
    [InlineData(Nova, "none", "none")]
    [InlineData(Nova2, "minimal", """{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}""")]
    [InlineData(Nova2, "medium", """{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}""")]
    [InlineData(Nova2, "high", "refused reasoning_effort")]
    [InlineData(GptOss, "high", """{"reasoning_effort":"high"}""")]
    [InlineData(GptOss, "none", "refused reasoning_effort")]
    [InlineData(Llama, "low", "refused reasoning_effort")]
    [InlineData(Llama, "none", "none")]
    public void Writes_thinking_in_the_models_own_words_or_refuses_it(string model, string effort, string extras) =>
        Assert.Equal(extras, Extras(Write(model, $$""" "max_tokens":9000,"reasoning_effort":"{{effort}}" """)));

    [Fact]
    public void Leaves_the_depth_of_thoughts_to_a_model_that_decides_itself()
    {
        UpstreamShape shape = new(Claude) { ThinksAdaptively = true };
        Assert.Equal(
            """{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}""",
            Extras(Write(shape, """ "max_tokens":9000,"reasoning_effort":"high" """)));
    }

    [Theory]
    [InlineData("claude-sonnet", """{"top_k":7}""")]
    [InlineData("amazon-nova", """{"inferenceConfig":{"topK":7}}""")]
    [InlineData("fast", "refused top_k")]
    public void Goes_by_the_alias_where_an_arn_hides_the_model(string alias, string extras) =>
        Assert.Equal(extras, Extras(Write(Profile, """ "max_tokens":9000,"top_k":7 """, alias)));

    [Theory]
    [InlineData(Claude, """{"cachePoint":{"type":"default","ttl":"1h"}}""")]
    [InlineData(Nova, """{"cachePoint":{"type":"default"}}""")]
    [InlineData(Llama, null)]
    public void Writes_cache_points_only_for_models_that_have_a_cache(string model, string? point)
    {
        (TranslatedRequest? written, _) = WriteAnthropic(model, """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]}
            """);
        Assert.NotNull(written);
        JsonElement content = Root(written).GetProperty("messages")[0].GetProperty("content");
        Assert.Equal(point is null ? 1 : 2, content.GetArrayLength());
        Assert.Equal(point is null ? "messages[0].content[0].cache_control" : "", string.Join(',', written.Omitted));
        Assert.Equal(point, point is null ? null : content[1].GetRawText());
    }

    [Fact]
    public void Puts_the_cache_point_of_a_tools_result_behind_it()
    {
        (TranslatedRequest? written, _) = WriteAnthropic(Claude, """
            {"model":"m","max_tokens":9,"tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"a"},
            {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]}]}]}
            """);
        Assert.NotNull(written);
        Assert.Equal(
            """[{"toolResult":{"toolUseId":"t","content":[{"text":"b"}]}},{"cachePoint":{"type":"default"}}]""",
            Root(written).GetProperty("messages")[2].GetProperty("content").GetRawText());
    }

    [Fact]
    public void Gives_documents_names_that_bedrock_takes_and_that_differ()
    {
        string file = """{"type":"file","file":{"filename":"NAME","file_data":"data:application/pdf;base64,AAAA"}}""";
        string[] names = ["Q1/2025 – report.pdf", "a  b", "a b", "../..", ""];
        string parts = string.Join(',', names.Select(name => file.Replace("NAME", name, StringComparison.Ordinal)));
        (TranslatedRequest? written, RequestMistake? mistake) = Write(new UpstreamShape(Claude), "\"max_tokens\":9", "m", $"[{parts}]");
        Assert.Null(mistake);
        Assert.NotNull(written);
        Assert.Equal(
            ["Q1-2025 report-pdf", "a b", "a b 2", "document", "document 2"],
            Root(written).GetProperty("messages")[0].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("document").GetProperty("name").GetString()));
    }

    [Fact]
    public void Reads_objects_of_s3_by_their_address()
    {
        (TranslatedRequest? written, _) = Write(
            new UpstreamShape(Nova), "\"max_tokens\":9", "m", """[{"type":"image_url","image_url":{"url":"s3://bucket/cat.jpg"}}]""");
        Assert.NotNull(written);
        Assert.Equal(
            """[{"image":{"format":"jpeg","source":{"s3Location":{"uri":"s3://bucket/cat.jpg"}}}}]""",
            Root(written).GetProperty("messages")[0].GetProperty("content").GetRawText());
    }

    [Fact]
    public void Refuses_a_conversation_with_tools_that_are_not_defined_any_more()
    {
        RequestMistake? mistake = WriteAnthropic(Claude, """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"b"}]}]}
            """).Mistake;
        Assert.Equal(("tools", "unsupported_content"), (mistake?.Param, mistake?.Code));
    }

    [Fact]
    public void Refuses_to_forbid_tools_as_there_is_no_word_for_it()
    {
        RequestMistake? mistake = Write(Claude, """ "tool_choice":"none","tools":[{"type":"function","function":{"name":"f"}}] """).Mistake;
        Assert.Equal(("tool_choice", "unsupported_value"), (mistake?.Param, mistake?.Code));
    }

    [Fact]
    public void Gives_redacted_thoughts_back_to_bedrock_only()
    {
        const string Body = """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},
            {"role":"assistant","content":[{"type":"redacted_thinking","data":"DATA"},{"type":"text","text":"b"}]},{"role":"user","content":"c"}]}
            """;
        string own = Body.Replace("DATA", "bedrock#QUJD", StringComparison.Ordinal);
        string foreign = Body.Replace("DATA", "QUJD", StringComparison.Ordinal);

        Assert.Contains("""{"reasoningContent":{"redactedContent":"QUJD"}}""", Text(WriteAnthropic(Claude, own).Written), StringComparison.Ordinal);
        Assert.DoesNotContain("QUJD", Text(WriteAnthropic(Nova, own).Written), StringComparison.Ordinal);
        (TranslatedRequest? written, _) = WriteAnthropic(Claude, foreign);
        Assert.DoesNotContain("QUJD", Text(written), StringComparison.Ordinal);
        Assert.Equal(["messages[1].content[0]"], written?.Omitted);

        CanonicalRequest? request = RequestTranslator.Read(Encoding.UTF8.GetBytes(own), WireFormat.Anthropic).Request;
        Assert.NotNull(request);
        Assert.DoesNotContain("QUJD", Text(RequestTranslator.Write(request with { Client = WireFormat.OpenAiChat }, WireFormat.Anthropic, new UpstreamShape("m")).Translated), StringComparison.Ordinal);
    }

    [Fact]
    public void Carries_redacted_thoughts_through_a_gemini_client()
    {
        CanonicalAnswer? answer = AnswerTranslator.TryRead(
            """{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"redactedContent":"QUJD"}},{"text":"b"}]}},"stopReason":"end_turn"}"""u8.ToArray(), WireFormat.Bedrock);
        Assert.NotNull(answer);
        using JsonDocument told = JsonDocument.Parse(AnswerTranslator.Write(answer, WireFormat.Gemini, new AnswerFrame("i", "m", DateTimeOffset.UnixEpoch)));
        string parts = told.RootElement.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").GetRawText();
        byte[] again = Encoding.UTF8.GetBytes($$"""{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":{{parts}}},{"role":"user","parts":[{"text":"c"}]}]}""");
        CanonicalRequest? request = RequestTranslator.Read(again, WireFormat.Gemini, new CallAddress("claude", Stream: false)).Request;
        Assert.NotNull(request);
        Assert.Contains("\"redactedContent\":\"QUJD\"", Text(RequestTranslator.Write(request, WireFormat.Bedrock, new UpstreamShape(Claude)).Translated), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_the_tokens_of_what_would_be_sent()
    {
        (TranslatedRequest? written, _) = Write(new UpstreamShape(Claude) { CountsOnly = true }, "\"temperature\":0.5,\"top_k\":3", "m", "\"a\"");
        Assert.Equal("""{"input":{"converse":{"messages":[{"role":"user","content":[{"text":"a"}]}]}}}""", Text(written));
    }

    [Theory]
    [InlineData(WireFormat.OpenAiChat, true)]
    [InlineData(WireFormat.Anthropic, true)]
    [InlineData(WireFormat.Gemini, true)]
    [InlineData(WireFormat.OpenAiResponses, true)]
    [InlineData(WireFormat.OpenAiEmbeddings, false)]
    public void Is_translated_to_and_never_from(WireFormat client, bool can)
    {
        Assert.Equal(can, RequestTranslator.CanTranslate(client, WireFormat.Bedrock));
        Assert.False(RequestTranslator.CanTranslate(WireFormat.Bedrock, client));
    }

    private static (TranslatedRequest? Written, RequestMistake? Mistake) Write(string model, string members, string alias = "m") =>
        Write(new UpstreamShape(model), members, alias, "\"a\"");

    private static (TranslatedRequest? Written, RequestMistake? Mistake) Write(UpstreamShape shape, string members, string alias = "m", string content = "\"a\"")
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"model":"{{alias}}","messages":[{"role":"user","content":{{content}}}],{{members}}}""");
        (CanonicalRequest? request, RequestMistake? mistake) = RequestTranslator.Read(body, WireFormat.OpenAiChat);
        Assert.Null(mistake);
        Assert.NotNull(request);
        return RequestTranslator.Write(request, WireFormat.Bedrock, shape);
    }

    private static (TranslatedRequest? Written, RequestMistake? Mistake) WriteAnthropic(string model, string body)
    {
        (CanonicalRequest? request, RequestMistake? mistake) = RequestTranslator.Read(Encoding.UTF8.GetBytes(body), WireFormat.Anthropic);
        Assert.Null(mistake);
        Assert.NotNull(request);
        return RequestTranslator.Write(request, WireFormat.Bedrock, new UpstreamShape(model));
    }

    private static string Extras((TranslatedRequest? Written, RequestMistake? Mistake) result) =>
        result.Mistake is { } mistake ? $"refused {mistake.Param}"
        : result.Written is { } written && Root(written).TryGetProperty("additionalModelRequestFields", out JsonElement extras) ? extras.GetRawText()
        : "none";

    private static JsonElement Root(TranslatedRequest written) => JsonDocument.Parse(written.Body).RootElement;

    private static string Text(TranslatedRequest? written) => written is null ? "" : Encoding.UTF8.GetString(written.Body.Span);
}
