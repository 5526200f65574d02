using System.Text;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Gemini;

namespace AIOrleans.Protocols.Tests.Calls;

public sealed class ErrorReaderTests
{
    [Theory]
    // OpenAI and its imitators
    [InlineData(429, """{"error":{"message":"m","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", ErrorKind.Billing, null, "insufficient_quota")]
    [InlineData(404, """{"error":{"message":"m","type":"NotFoundError","param":null,"code":404}}""", ErrorKind.NotFound, null, "404")]
    [InlineData(400, """{"object":"error","message":"m","type":"BadRequestError","param":"p","code":400}""", ErrorKind.InvalidRequest, "p", "400")]
    [InlineData(404, """{"error":"m"}""", ErrorKind.NotFound, null, null)]
    [InlineData(422, """{"detail":"m"}""", ErrorKind.Unprocessable, null, null)]
    [InlineData(418, """{"message":"m"}""", ErrorKind.Internal, null, null)]
    // Anthropic
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"m"},"request_id":"req_1"}""", ErrorKind.Overloaded, null, null)]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"m"}}""", ErrorKind.InvalidRequest, null, null)]
    [InlineData(413, """{"type":"error","error":{"type":"new_error","message":"m"}}""", ErrorKind.TooLarge, null, null)]
    // Gemini, and its endpoint for OpenAI's clients
    [InlineData(429, """{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}""", ErrorKind.RateLimit, null, null)]
    [InlineData(400, """[{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}]""", ErrorKind.InvalidRequest, null, null)]
    [InlineData(404, """[{"error":{"code":404,"message":"m"}}]""", ErrorKind.NotFound, null, "404")]
    // A good status tells nothing
    [InlineData(null, """{"error":{"message":"m"}}""", ErrorKind.Internal, null, null)]
    public void The_shape_tells_whose_words_they_are(int? status, string body, ErrorKind kind, string? param, string? code) =>
        Assert.Equal(new ChatError(kind, "m", param, code), ErrorReader.TryRead(Encoding.UTF8.GetBytes(body), status));

    [Theory]
    [InlineData("")]
    [InlineData("<html>502</html>")]
    [InlineData("[]")]
    [InlineData("[7]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{"message":"cut""")]
    public void What_is_no_error_is_none(string body) => Assert.Null(ErrorReader.TryRead(Encoding.UTF8.GetBytes(body), 500));

    [Theory]
    [InlineData("""{"error":{"details":[{"@type":"x/google.rpc.QuotaFailure"},{"@type":"x/google.rpc.RetryInfo","retryDelay":"17.5s"}]}}""", 17_500, false)]
    [InlineData("""[{"error":{"details":[{"@type":"x/google.rpc.RetryInfo","retryDelay":"2s"}]}}]""", 2_000, false)]
    [InlineData("""{"error":{"details":[{"@type":"x/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}""", null, true)]
    [InlineData("""{"error":{"details":[{"retryDelay":"-1s"},{"retryDelay":"soon"},{"retryDelay":7},{"retryDelay":"99999999999999999999999999999999s"},8]}}""", null, false)]
    [InlineData("""{"error":{"details":{}}}""", null, false)]
    [InlineData("[]", null, false)]
    [InlineData("no", null, false)]
    public void Googles_details_say_when_to_come_back_and_that_it_was_the_key(string body, int? millis, bool refusesKey)
    {
        GeminiErrorDetails details = GeminiErrorDetails.Read(Encoding.UTF8.GetBytes(body));

        Assert.Equal((millis is { } wait ? TimeSpan.FromMilliseconds(wait) : null, refusesKey), (details.RetryAfter, details.RefusesKey));
    }
}
