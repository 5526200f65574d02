using System.Text;
using System.Text.Json.Nodes;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Tests.Gemini;

/// <summary>Embeddings of Gemini: passing, and for clients of OpenAI. What becomes of requests and answers otherwise stands in the matrix.</summary>
public sealed class GeminiEmbeddingsTests
{
    private static readonly CallAddress Address = new("alias", Stream: false);

    [Fact]
    public void Reads_what_the_gateway_needs()
    {
        CallFacts call = Read(WireFormat.GeminiEmbeddings, """
            {"requests":[{"model":"models/alias","content":{"parts":[{"text":"four"}]}},{"content":{"parts":[{"text":"é"},{"inline_data":{"mime_type":"image/png","data":"AAAA"}}]}}]}
            """);
        Assert.Equal(("alias", 6L, 2, 1), (call.Model, call.TextBytes, call.Inputs, call.ImageCount));
        Assert.Equal(new CallShape(call.Body.Length - 4, 1, ReadsMore: false, 0, 1, null, Inputs: 2), call.ToShape());
    }

    [Fact]
    public void Names_the_model_of_the_provider_wherever_the_body_repeats_it()
    {
        CallFacts call = Read(WireFormat.GeminiEmbeddings, """{"requests":[{"model":"models/alias","content":{"parts":[]}},{"x":1,"model":"models/other" ,"content":{}}]}""");
        Assert.Equal(
            """{"requests":[{"model":"models/up","content":{"parts":[]}},{"x":1,"model":"models/up" ,"content":{}}]}""",
            Encoding.UTF8.GetString(CallPatch.Apply(call, "up").Span));
        call = Read(WireFormat.GeminiEmbedContent, """{"content":{"parts":[{"text":"Hi"}]},"model":"models/alias"}""");
        Assert.EndsWith("\"model\":\"tunedModels/mine\"}", Encoding.UTF8.GetString(CallPatch.Apply(call, "tunedModels/mine").Span), StringComparison.Ordinal);
        Assert.Equal("""{"content":{"parts":[{"text":"Hi"}]},"model":"models/up"}""", Encoding.UTF8.GetString(CallPatch.Apply(call, "up").Span));
    }

    [Theory]
    [InlineData(WireFormat.GeminiEmbeddings, """{"requests":[]}""", "requests")]
    [InlineData(WireFormat.GeminiEmbeddings, "{}", "requests")]
    [InlineData(WireFormat.GeminiEmbeddings, """{"requests":[7]}""", "requests[0]")]
    [InlineData(WireFormat.GeminiEmbeddings, """{"requests":{}}""", "requests")]
    [InlineData(WireFormat.GeminiEmbedContent, """{"requests":[{"content":{}}]}""", "content")]
    public void Says_what_is_wrong(WireFormat format, string body, string param)
    {
        Assert.Equal(param, CallReader.Read(Encoding.UTF8.GetBytes(body), format, Address).Mistake?.Param);
        Assert.Equal(param, RequestTranslator.Read(Encoding.UTF8.GetBytes(body), format, Address).Mistake?.Param);
    }

    [Theory]
    [InlineData(WireFormat.GeminiEmbeddings, """{"embeddings":[{"values":[0.1]}]}""", null)]
    [InlineData(WireFormat.GeminiEmbeddings, """{"embeddings":[{"values":[0.1]}],"usageMetadata":{"promptTokenCount":3}}""", 3L)]
    [InlineData(WireFormat.GeminiEmbedContent, """{"embedding":{"values":[0.1]}}""", null)]
    public void Leaves_usage_open_where_none_is_told(WireFormat format, string body, long? tokens)
    {
        ChatAnswer? answer = AnswerReader.TryRead(Encoding.UTF8.GetBytes(body), format);
        Assert.NotNull(answer);
        Assert.Equal(tokens is null ? null : new TokenUsage { UncachedInput = tokens.Value }, answer.Usage);
        Assert.Equal(0, answer.OutputBytes);
    }

    [Theory]
    [InlineData(WireFormat.GeminiEmbeddings, """{"embeddings":[]}""")]
    [InlineData(WireFormat.GeminiEmbeddings, """{"embeddings":[{"values":["0.1"]}]}""")]
    [InlineData(WireFormat.GeminiEmbeddings, """{"error":{"code":500}}""")]
    [InlineData(WireFormat.GeminiEmbedContent, """{"embedding":{}}""")]
    public void Refuses_what_is_no_answer(WireFormat format, string body) => Assert.Null(AnswerReader.TryRead(Encoding.UTF8.GetBytes(body), format));

    [Fact]
    public void Writes_base64_of_little_endian_floats_where_the_client_asks_for_it()
    {
        (CanonicalRequest? asked, RequestMistake? mistake) = RequestTranslator.Read("""{"model":"alias","input":"Hi","encoding_format":"base64"}"""u8.ToArray(), WireFormat.OpenAiEmbeddings);
        Assert.Null(mistake);
        CanonicalAnswer? answer = AnswerTranslator.TryRead("""{"embeddings":[{"values":[1, -2.5]},{"values":[0.1]}]}"""u8.ToArray(), WireFormat.GeminiEmbeddings);
        Assert.NotNull(answer);
        AnswerFrame frame = new("id", "alias", DateTimeOffset.UnixEpoch) { Request = asked };
        JsonNode? body = JsonNode.Parse(AnswerTranslator.Write(answer, WireFormat.OpenAiEmbeddings, frame).Span);

        // 1 is 0x3f800000, -2.5 is 0xc0200000, and 0.1 is nearest to 0x3dcccccd.
        Assert.Equal("AACAPwAAIMA=", (string?)body?["data"]?[0]?["embedding"]);
        Assert.Equal("zczMPQ==", (string?)body?["data"]?[1]?["embedding"]);
        body = JsonNode.Parse(AnswerTranslator.Write(answer, WireFormat.OpenAiEmbeddings, frame with { Request = null }).Span);
        Assert.Equal("[1, -2.5]", body?["data"]?[0]?["embedding"]?.ToJsonString().Replace(",", ", ", StringComparison.Ordinal));
        Assert.Null(body?["usage"]);
    }

    private static CallFacts Read(WireFormat format, string body)
    {
        (CallFacts? call, RequestMistake? mistake) = CallReader.Read(Encoding.UTF8.GetBytes(body), format, Address);
        Assert.Null(mistake?.Message);
        Assert.NotNull(call);
        return call;
    }
}
