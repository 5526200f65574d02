using System.Text;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Tests.OpenAi;

public sealed class ChatRequestPatchTests
{
    private const string Messages = """
        "messages" : [ {"role":"user", "content":"model \"stream_options\""} ]
        """;

    [Theory]
    [InlineData("""{ "model" : "a" , §, "x":1.50 }""", """{ "model" : "up" , §, "x":1.50 }""")]
    [InlineData("""{§,"model":"a"}""", """{§,"model":"up"}""")]
    [InlineData("""{§,"\u006dodel":"\u0061"}""", """{§,"\u006dodel":"up"}""")]
    [InlineData("""{"stream":false,§,"model":"a","stream_options":null}""", """{"stream":false,§,"model":"up","stream_options":null}""")]
    [InlineData("""{"model":"a","stream":true,§}""", """{"model":"up","stream_options":{"include_usage":true},"stream":true,§}""")]
    [InlineData("""{"model":"a","stream":true,"stream_options":null,§}""", """{"model":"up","stream":true,"stream_options":{"include_usage":true},§}""")]
    [InlineData("""{"stream_options":{ },"model":"a","stream":true,§}""", """{"stream_options":{"include_usage":true },"model":"up","stream":true,§}""")]
    [InlineData("""{"stream_options": {"z":[1]},"stream":true,§,"model":"a"}""", """{"stream_options": {"include_usage":true,"z":[1]},"stream":true,§,"model":"up"}""")]
    [InlineData("""{"stream_options":{"include_usage":false,"z":1},"stream":true,§,"model":"a"}""", """{"stream_options":{"include_usage":true,"z":1},"stream":true,§,"model":"up"}""")]
    [InlineData("""{"model":"a",§,"stream":true,"stream_options":{"include_usage": null}}""", """{"model":"up",§,"stream":true,"stream_options":{"include_usage": true}}""")]
    [InlineData("""{"model":"a",§,"stream":true,"stream_options":{"include_usage":true}}""", """{"model":"up",§,"stream":true,"stream_options":{"include_usage":true}}""")]
    public void Changes_only_what_it_must(string body, string expected) =>
        Assert.Equal(expected.Replace("§", Messages), Patch(body.Replace("§", Messages), "up"));

    [Fact]
    public void Leaves_a_body_alone_that_needs_no_change()
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"model":"a",{{Messages}}}""");
        ChatRequest? request = ChatRequestReader.Read(body).Request;
        Assert.NotNull(request);
        Assert.True(ChatRequestPatch.Apply(request, "a").Equals(request.Body));
    }

    [Fact]
    public void Turns_usage_on_even_where_the_model_keeps_its_name() =>
        Assert.Equal(
            $$"""{"model":"a","stream_options":{"include_usage":true},{{Messages}},"stream":true}""",
            Patch($$"""{"model":"a",{{Messages}},"stream":true}""", "a"));

    [Fact]
    public void Escapes_the_upstream_model() =>
        Assert.Equal($$"""{"model":"a\"b\\c",{{Messages}}}""", Patch($$"""{"model":"a",{{Messages}}}""", "a\"b\\c"));

    private static string Patch(string body, string model)
    {
        (ChatRequest? request, RequestMistake? mistake) = ChatRequestReader.Read(Encoding.UTF8.GetBytes(body));
        Assert.Null(mistake?.Message);
        Assert.NotNull(request);
        return Encoding.UTF8.GetString(ChatRequestPatch.Apply(request, model).Span);
    }
}
