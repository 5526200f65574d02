using System.Buffers;
using System.Text;
using System.Text.Json;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Limits;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.Gemini;

namespace AIOrleans.Protocols.Tests.Errors;

public sealed class DeniedCallTests
{
    private static readonly LimitFacts Budget = new(
        AccountId.Parse("team:acme.eng.core"), LimitKind.Quota, "cost/month", QuotaMetric.Cost, 4_990_000_000, 10_000_000, 5_000_000_000, 20_000_000,
        TimeSpan.FromHours(1), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly LimitFacts Rate = new(
        AccountId.Parse("key:acme.eng.k1"), LimitKind.RequestsPerMinute, "requestsPerMinute", QuotaMetric.Requests, 60, 0, 60, 1, TimeSpan.FromMilliseconds(1500), null);

    public static TheoryData<Denial, int, string, int, string, bool> Table => new()
    {
        { new Denial.Malformed("m", "messages", "invalid_type"), 400, "invalid_request_error", 400, "INVALID_ARGUMENT", false },
        { new Denial.Unauthenticated("m"), 401, "authentication_error", 401, "UNAUTHENTICATED", false },
        { new Denial.LimitReached(Budget), 402, "billing_error", 402, "FAILED_PRECONDITION", false },
        { new Denial.ModelNotAllowed("m"), 403, "permission_error", 403, "PERMISSION_DENIED", false },
        { new Denial.RegionNotAllowed("m"), 403, "permission_error", 403, "PERMISSION_DENIED", false },
        { new Denial.ModelNotFound("m"), 404, "not_found_error", 404, "NOT_FOUND", false },
        { new Denial.BodyTooLarge(1), 413, "request_too_large", 413, "INVALID_ARGUMENT", false },
        { new Denial.AnswerNotKept(), 409, "invalid_request_error", 409, "ABORTED", false },
        { new Denial.IdempotencyKeyReused(), 422, "invalid_request_error", 422, "INVALID_ARGUMENT", false },
        { new Denial.IdempotencyBusy(TimeSpan.FromSeconds(1)), 529, "overloaded_error", 503, "UNAVAILABLE", true },
        { new Denial.LimitReached(Rate), 429, "rate_limit_error", 429, "RESOURCE_EXHAUSTED", true },
        { new Denial.LimitReached(Rate with { RetryAfter = TimeSpan.FromMinutes(2) }), 429, "rate_limit_error", 429, "RESOURCE_EXHAUSTED", false },
        { new Denial.Internal(), 500, "api_error", 500, "INTERNAL", true },
        { new Denial.ProviderFailed(502, "m", null), 502, "api_error", 502, "UNAVAILABLE", true },
        { new Denial.ProviderFailed(503, "m", TimeSpan.FromSeconds(3)), 529, "overloaded_error", 503, "UNAVAILABLE", true },
        { new Denial.StoreUnavailable(TimeSpan.FromSeconds(1)), 529, "overloaded_error", 503, "UNAVAILABLE", true },
        { new Denial.DirectoryStale(TimeSpan.FromSeconds(1)), 529, "overloaded_error", 503, "UNAVAILABLE", true },
        { new Denial.ProviderFailed(504, "m", null), 504, "timeout_error", 504, "DEADLINE_EXCEEDED", true },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Words_a_denial_as_each_protocol_does(Denial denial, int anthropic, string type, int gemini, string word, bool retry)
    {
        DeniedCall denied = DeniedCall.Of(denial, "req");
        Assert.Equal((anthropic, type), (AnthropicErrors.StatusOf(denied.Error.Kind), AnthropicErrors.TypeOf(denied.Error.Kind)));
        Assert.Equal((gemini, word), (GeminiErrors.StatusOf(denied.Error.Kind), GeminiErrors.WordOf(denied.Error.Kind)));
        Assert.Equal(retry, denied.Retry);
        Assert.Equal(denied.Error.Kind, AnthropicErrors.TryRead(AnthropicErrors.ToBody(denied))?.Kind switch
        {
            ErrorKind.Internal when denied.Error.Kind == ErrorKind.BadGateway => ErrorKind.BadGateway,
            ErrorKind.InvalidRequest when denied.Error.Kind is ErrorKind.Conflict or ErrorKind.Unprocessable => denied.Error.Kind,
            var read => read,
        });
        Assert.NotNull(GeminiErrors.TryRead(GeminiErrors.ToBody(denied)));
    }

    [Fact]
    public void Shows_anthropics_clients_the_limit_that_refused() =>
        Assert.Equal(
            """{"type":"error","error":{"type":"rate_limit_error","message":"Limit requestsPerMinute of key:acme.eng.k1 reached: used 60 requests, held 0 requests of 60 requests; this call needs up to 1 request. Try again in 1.5 s.","code":"rate_limit_exceeded","limit":{"account":"key:acme.eng.k1","name":"requestsPerMinute","metric":"requests","used":60,"held":0,"amount":60,"asked":1,"retry_after_ms":1500}},"request_id":"req"}""",
            Encoding.UTF8.GetString(AnthropicErrors.ToBody(DeniedCall.Of(new Denial.LimitReached(Rate), "req")).Span));

    [Fact]
    public void Tells_geminis_clients_when_to_retry_in_googles_own_details()
    {
        using JsonDocument body = JsonDocument.Parse(GeminiErrors.ToBody(DeniedCall.Of(new Denial.LimitReached(Rate), "req")));
        JsonElement details = body.RootElement.GetProperty("error").GetProperty("details");
        Assert.Equal("RATE_LIMIT_EXCEEDED", details[0].GetProperty("reason").GetString());
        Assert.Equal("key:acme.eng.k1", details[0].GetProperty("limit").GetProperty("account").GetString());
        Assert.Equal("2s", details[1].GetProperty("retryDelay").GetString());
        using JsonDocument money = JsonDocument.Parse(GeminiErrors.ToBody(DeniedCall.Of(new Denial.LimitReached(Budget), "req")));
        Assert.Equal(1, money.RootElement.GetProperty("error").GetProperty("details").GetArrayLength());
    }

    [Fact]
    public void Writes_errors_into_running_streams()
    {
        DeniedCall denied = DeniedCall.Of(new Denial.ProviderFailed(502, "It broke.", null), "req");
        ArrayBufferWriter<byte> output = new();
        AnthropicErrors.WriteEvent(output, denied);
        Assert.Equal(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"It broke.\",\"code\":\"provider_failed\"},\"request_id\":\"req\"}\n\n",
            Encoding.UTF8.GetString(output.WrittenSpan));
        output.Clear();
        GeminiErrors.WriteEvent(output, denied);
        Assert.StartsWith("data: {\"error\":{\"code\":502,\"message\":\"It broke.\",\"status\":\"UNAVAILABLE\"", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("""{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}""", ErrorKind.RateLimit)]
    [InlineData("""[{"error":{"code":400,"message":"m","status":"FAILED_PRECONDITION"}}]""", ErrorKind.InvalidRequest)]
    [InlineData("""{"error":{"code":401,"message":"m"}}""", ErrorKind.Authentication)]
    [InlineData("""{"error":{}}""", ErrorKind.Internal)]
    public void Reads_geminis_errors(string body, ErrorKind kind) => Assert.Equal(kind, GeminiErrors.TryRead(Encoding.UTF8.GetBytes(body))?.Kind);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":"text"}""")]
    public void Finds_no_error_where_there_is_none(string body)
    {
        Assert.Null(GeminiErrors.TryRead(Encoding.UTF8.GetBytes(body)));
        Assert.Null(AnthropicErrors.TryRead(Encoding.UTF8.GetBytes(body)));
    }
}
