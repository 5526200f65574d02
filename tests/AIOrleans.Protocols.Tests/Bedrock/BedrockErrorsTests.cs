using System.Text;
using AIOrleans.Protocols.Bedrock;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Tests.Bedrock;

public sealed class BedrockErrorsTests
{
    [Theory]
    [InlineData("ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/", ErrorKind.InvalidRequest)]
    [InlineData("ThrottlingException", ErrorKind.RateLimit)]
    [InlineData("ServiceQuotaExceededException", ErrorKind.RateLimit)]
    [InlineData("AccessDeniedException", ErrorKind.Permission)]
    [InlineData("UnrecognizedClientException", ErrorKind.Authentication)]
    [InlineData("ExpiredTokenException", ErrorKind.Authentication)]
    [InlineData("ResourceNotFoundException", ErrorKind.NotFound)]
    [InlineData("ServiceUnavailableException", ErrorKind.Overloaded)]
    [InlineData("ModelNotReadyException", ErrorKind.Overloaded)]
    [InlineData("ModelTimeoutException", ErrorKind.Timeout)]
    [InlineData("ModelErrorException", ErrorKind.Internal)]
    [InlineData("InternalServerException", ErrorKind.Internal)]
    [InlineData(":", ErrorKind.Internal)]
    [InlineData("#", ErrorKind.Internal)]
    [InlineData("", ErrorKind.Internal)]
    public void Knows_an_error_by_its_header(string type, ErrorKind kind) =>
        Assert.Equal(new ChatError(kind, "Told."), BedrockErrors.TryRead("""{"message":"Told."}"""u8.ToArray(), type));

    [Theory]
    [InlineData("""{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"Told."}""", ErrorKind.Permission)]
    [InlineData("""{"__type":"ThrottlingException","message":"Told."}""", ErrorKind.RateLimit)]
    [InlineData("""{"message":"Told."}""", ErrorKind.Internal)]
    public void Knows_an_error_by_its_body(string body, ErrorKind kind) =>
        Assert.Equal(new ChatError(kind, "Told."), BedrockErrors.TryRead(Encoding.UTF8.GetBytes(body), null));

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("")]
    public void Calls_nothing_an_error_that_tells_none(string body)
    {
        Assert.Null(BedrockErrors.TryRead(Encoding.UTF8.GetBytes(body), null));
        Assert.Equal(ErrorKind.RateLimit, BedrockErrors.TryRead(Encoding.UTF8.GetBytes(body), "ThrottlingException")?.Kind);
    }

    [Fact]
    public void Bounds_what_it_repeats()
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"message":"{{new string('x', 10_000)}}"}""");
        Assert.Equal(ChatError.TextLengthMax, BedrockErrors.TryRead(body, null)?.Message.Length);
    }
}
