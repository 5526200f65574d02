using System.Text.Json;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Limits;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Tests.OpenAi;

public sealed class OpenAiDeniedTests
{
    private static readonly AccountId Team = AccountId.Parse("team:acme.eng.core");

    public static TheoryData<Denial, int, string, bool> Denials => new()
    {
        { new Denial.Malformed("Bad.", "messages", "invalid_type"), 400, "invalid_request_error", false },
        { new Denial.BodyTooLarge(1024), 413, "invalid_request_error", false },
        { new Denial.UnknownRoute("GET", "/v1/nothing"), 404, "invalid_request_error", false },
        { new Denial.Unauthenticated("No key."), 401, "invalid_request_error", false },
        { new Denial.Suspended(Team), 403, "permission_error", false },
        { new Denial.ModelNotFound("m"), 404, "invalid_request_error", false },
        { Denial.ObjectNotFound.OfFile("file-1"), 404, "invalid_request_error", false },
        { new Denial.ModelNotAllowed("m"), 403, "permission_error", false },
        { new Denial.RegionNotAllowed("m"), 403, "permission_error", false },
        { new Denial.Unpriced("m", "up/m"), 403, "permission_error", false },
        { new Denial.LimitReached(Facts(QuotaMetric.Cost, LimitKind.Quota, TimeSpan.FromDays(3))), 402, "insufficient_quota", false },
        { new Denial.LimitReached(Facts(QuotaMetric.Tokens, LimitKind.TokensPerMinute, TimeSpan.FromSeconds(2))), 429, "tokens", true },
        { new Denial.LimitReached(Facts(QuotaMetric.Requests, LimitKind.RequestsPerMinute, TimeSpan.FromSeconds(60))), 429, "requests", true },
        { new Denial.LimitReached(Facts(QuotaMetric.Requests, LimitKind.Quota, TimeSpan.FromSeconds(61))), 429, "requests", false },
        { new Denial.LimitReached(Facts(QuotaMetric.Requests, LimitKind.Quota, null)), 429, "requests", false },
        { new Denial.CutOff(Facts(QuotaMetric.Cost, LimitKind.Quota, TimeSpan.FromDays(3))), 402, "insufficient_quota", false },
        { new Denial.CutOff(Facts(QuotaMetric.Tokens, LimitKind.Quota, TimeSpan.FromDays(3))), 429, "tokens", false },
        { new Denial.TokenRefused(TokenFault.Expired), 401, "invalid_request_error", false },
        { new Denial.IssuerUnavailable(TimeSpan.FromSeconds(5)), 503, "server_error", true },
        { new Denial.IdempotencyKeyReused(), 422, "invalid_request_error", false },
        { new Denial.AnswerNotKept(), 409, "invalid_request_error", false },
        { new Denial.IdempotencyBusy(TimeSpan.FromSeconds(1)), 503, "server_error", true },
        { new Denial.StoreUnavailable(TimeSpan.FromSeconds(1)), 503, "server_error", true },
        { new Denial.DirectoryStale(TimeSpan.FromSeconds(1)), 503, "server_error", true },
        { new Denial.AccountUnreachable(Team, TimeSpan.FromSeconds(1)), 503, "server_error", true },
        { new Denial.Overloaded(TimeSpan.FromSeconds(1)), 503, "server_error", true },
        { new Denial.ProviderFailed(504, "Late.", TimeSpan.FromSeconds(2)), 504, "server_error", true },
        { new Denial.Internal(), 500, "server_error", true },
    };

    [Theory]
    [MemberData(nameof(Denials))]
    public void Every_denial_has_its_status_type_and_advice(Denial denial, int status, string type, bool retry)
    {
        var denied = DeniedCall.Of(denial, "r-1");

        Assert.Equal((status, type, retry), (OpenAiDenied.StatusOf(denied.Error.Kind), OpenAiDenied.TypeOf(denied), denied.Retry));
        Assert.NotEmpty(DenialText.Of(denial));
    }

    [Fact]
    public void No_kind_of_denial_is_forgotten()
    {
        IEnumerable<Type> kinds = typeof(Denial).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Denial)));
        Assert.Empty(kinds.Except(Denials.Select(row => ((Denial)row[0]).GetType())));
    }

    [Fact]
    public void The_body_of_a_limit_tells_its_facts_in_the_limits_own_unit()
    {
        var denial = new Denial.LimitReached(Facts(QuotaMetric.Cost, LimitKind.Quota, TimeSpan.FromMilliseconds(1500.2)));

        using JsonDocument body = JsonDocument.Parse(OpenAiDenied.ToBody(DeniedCall.Of(denial, "r-1")));

        JsonElement error = body.RootElement.GetProperty("error");
        JsonElement limit = error.GetProperty("limit");
        Assert.Equal("r-1", error.GetProperty("request_id").GetString());
        Assert.Equal("usd", limit.GetProperty("metric").GetString());
        Assert.Equal(0.9m, limit.GetProperty("used").GetDecimal());
        Assert.Equal(1m, limit.GetProperty("amount").GetDecimal());
        Assert.Equal(1501, limit.GetProperty("retry_after_ms").GetInt64());
        Assert.Equal(
            "Limit cost/month of team:acme.eng.core reached: used $0.90, held $0.05 of $1.00; this call needs up to $0.10. Try again in 1.5 s.",
            error.GetProperty("message").GetString());
    }

    private static LimitFacts Facts(QuotaMetric metric, LimitKind kind, TimeSpan? retryAfter) =>
        new(Team, kind, "cost/month", metric, 900_000_000, 50_000_000, 1_000_000_000, 100_000_000, retryAfter, null);
}
