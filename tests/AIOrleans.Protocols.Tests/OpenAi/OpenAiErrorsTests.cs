using System.Text;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Tests.OpenAi;

public sealed class OpenAiErrorsTests
{
    [Fact]
    public void Writes_all_four_members() =>
        Assert.Equal(
            """{"error":{"message":"It's \"no\" é","type":"invalid_request_error","param":null,"code":"x"}}""",
            Encoding.UTF8.GetString(OpenAiErrors.ToBody(new OpenAiError("It's \"no\" é", OpenAiError.InvalidRequest, null, "x"))));

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"t","param":"p","code":"c"}}""", "m", "t", "p", "c")]
    [InlineData("""{"error":{"message":"m","code":429}}""", "m", "server_error", null, "429")]
    [InlineData("""{"error":"m"}""", "m", "server_error", null, null)]
    [InlineData("""{"object":"error","message":"m","type":"BadRequestError"}""", "m", "BadRequestError", null, null)]
    [InlineData("""{"detail":"m"}""", "m", "server_error", null, null)]
    public void Reads_the_dialects_of_errors(string body, string message, string type, string? param, string? code) =>
        Assert.Equal(new OpenAiError(message, type, param, code), OpenAiErrors.TryRead(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{"message":"\ud800"}}""")]
    public void Finds_no_error_where_there_is_none(string body) => Assert.Null(OpenAiErrors.TryRead(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Bounds_a_foreign_message() =>
        Assert.Equal(OpenAiErrors.TextLengthMax, OpenAiErrors.TryRead(Encoding.UTF8.GetBytes($$"""{"error":"{{new string('x', 9999)}}"}"""))?.Message.Length);
}
