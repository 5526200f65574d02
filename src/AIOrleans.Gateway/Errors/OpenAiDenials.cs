using AIOrleans.Core.Denials;
using AIOrleans.Core.Limits;
using AIOrleans.Gateway.Idempotency;

namespace AIOrleans.Gateway.Errors;

/// <summary>How one denial looks to an OpenAI client.</summary>
/// <param name="Type">Of the error body. Source: the pairs in OpenAI's error documentation and what its SDKs branch on.</param>
/// <param name="Retry">False adds <c>x-should-retry: false</c>: waiting will not help, or not within a minute.</param>
internal readonly record struct OpenAiRefusal(int Status, string Type, string? Code, string? Param, TimeSpan? RetryAfter, bool Retry);

/// <summary>Maps denials to HTTP for the OpenAI protocol; the only place that does.</summary>
internal static class OpenAiDenials
{
    /// <summary>SDKs ignore or give up on longer waits (Anthropic 60 s, OpenAI 120 s): they are told not to retry at all.</summary>
    private static readonly TimeSpan RetryWaitMax = TimeSpan.FromSeconds(60);

    public static OpenAiRefusal Map(Denial denial) => denial switch
    {
        Denial.Malformed malformed => new(400, "invalid_request_error", malformed.MistakeCode, malformed.Param, null, Retry: false),
        Denial.BodyTooLarge => new(413, "invalid_request_error", denial.Code, null, null, Retry: false),
        Denial.Unauthenticated => new(401, "invalid_request_error", denial.Code, null, null, Retry: false),
        Denial.Suspended or Denial.ModelNotAllowed or Denial.RegionNotAllowed or Denial.Unpriced =>
            new(403, "permission_error", denial.Code, null, null, Retry: false),
        Denial.UnknownRoute => new(404, "invalid_request_error", denial.Code, null, null, Retry: false),
        Denial.ModelNotFound => new(404, "invalid_request_error", denial.Code, "model", null, Retry: false),
        Denial.IdempotencyKeyReused => new(422, "invalid_request_error", denial.Code, KeyHeader.Name, null, Retry: false),
        Denial.AnswerNotKept => new(409, "invalid_request_error", denial.Code, KeyHeader.Name, null, Retry: false),
        Denial.IdempotencyBusy busy => new(503, "server_error", denial.Code, null, busy.RetryAfter, Retry: true),
        Denial.LimitReached limit => OfLimit(limit.Facts, limit.Code),
        Denial.CutOff cut => OfLimit(cut.Facts, cut.Code),
        Denial.StoreUnavailable store => new(503, "server_error", denial.Code, null, store.RetryAfter, Retry: true),
        Denial.AccountUnreachable unreachable => new(503, "server_error", denial.Code, null, unreachable.RetryAfter, Retry: true),
        Denial.Overloaded overloaded => new(503, "server_error", denial.Code, null, overloaded.RetryAfter, Retry: true),
        Denial.ProviderFailed failed => new(failed.Status, "server_error", denial.Code, null, failed.RetryAfter, Retry: true),
        _ => new(500, "server_error", denial.Code, null, null, Retry: true),
    };

    private static OpenAiRefusal OfLimit(LimitFacts facts, string code)
    {
        if (facts.IsMoney)
        {
            // 402, because SDKs retry every 429 and no retry brings money.
            return new(402, "insufficient_quota", code, null, facts.RetryAfter, Retry: false);
        }

        string type = facts.Metric == QuotaMetric.Tokens ? "tokens" : "requests";
        bool retry = facts.RetryAfter is { } wait && wait <= RetryWaitMax;
        return new(429, type, code, null, facts.RetryAfter, retry);
    }
}
