using AIOrleans.Core.Denials;
using AIOrleans.Core.Limits;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Errors;

/// <summary>How one denial is told to a client, before any protocol words it.</summary>
/// <param name="RequestId">Names the request in logs and in the ledger.</param>
/// <param name="RetryAfter">When to come back; null when nothing can be promised.</param>
/// <param name="Retry">False: waiting will not help, or not within a minute; clients are told not to retry by themselves.</param>
/// <param name="Limit">The facts of the limit that refused; null where none did.</param>
public sealed record DeniedCall(ChatError Error, string RequestId, TimeSpan? RetryAfter, bool Retry, LimitFacts? Limit)
{
    /// <summary>SDKs ignore or give up on longer waits (Anthropic 60 s, OpenAI 120 s): they are told not to retry at all.</summary>
    private static readonly TimeSpan RetryWaitMax = TimeSpan.FromSeconds(60);

    public static DeniedCall Of(Denial denial, string requestId)
    {
        (ErrorKind kind, TimeSpan? wait, bool retry) = denial switch
        {
            Denial.Malformed => (ErrorKind.InvalidRequest, null, false),
            Denial.BodyTooLarge => (ErrorKind.TooLarge, null, false),
            Denial.Unauthenticated or Denial.TokenRefused => (ErrorKind.Authentication, null, false),
            Denial.Suspended or Denial.ModelNotAllowed or Denial.RegionNotAllowed or Denial.Unpriced => (ErrorKind.Permission, null, false),
            Denial.UnknownRoute or Denial.ModelNotFound or Denial.ObjectNotFound => (ErrorKind.NotFound, null, false),
            Denial.LimitReached { Facts: var facts } => OfLimit(facts),
            Denial.CutOff { Facts: var facts } => OfLimit(facts),
            Denial.AnswerNotKept => (ErrorKind.Conflict, null, false),
            Denial.IdempotencyKeyReused => (ErrorKind.Unprocessable, null, false),
            Denial.IdempotencyBusy busy => (ErrorKind.Overloaded, busy.RetryAfter, true),
            Denial.AccountUnreachable unreachable => (ErrorKind.Overloaded, unreachable.RetryAfter, true),
            Denial.IssuerUnavailable issuer => (ErrorKind.Overloaded, issuer.RetryAfter, true),
            Denial.StoreUnavailable store => (ErrorKind.Overloaded, store.RetryAfter, true),
            Denial.DirectoryStale stale => (ErrorKind.Overloaded, stale.RetryAfter, true),
            Denial.Overloaded overloaded => (ErrorKind.Overloaded, overloaded.RetryAfter, true),
            Denial.ProviderFailed { Status: 503 } failed => (ErrorKind.Overloaded, failed.RetryAfter, true),
            Denial.ProviderFailed { Status: 504 } failed => (ErrorKind.Timeout, failed.RetryAfter, true),
            Denial.ProviderFailed failed => (ErrorKind.BadGateway, failed.RetryAfter, true),
            _ => (ErrorKind.Internal, (TimeSpan?)null, true),
        };
        (string? param, string? code) = denial switch
        {
            Denial.Malformed malformed => (malformed.Param, malformed.MistakeCode),
            Denial.ModelNotFound => ("model", denial.Code),
            Denial.ObjectNotFound => ("id", denial.Code),
            Denial.AnswerNotKept or Denial.IdempotencyKeyReused => ("Idempotency-Key", denial.Code),
            _ => (null, denial.Code),
        };
        LimitFacts? limit = denial switch
        {
            Denial.LimitReached reached => reached.Facts,
            Denial.CutOff cut => cut.Facts,
            _ => null,
        };
        return new DeniedCall(new ChatError(kind, DenialText.Of(denial), param, code), requestId, wait, retry, limit);
    }

    /// <summary>A failure that no denial names: one that ends a running stream.</summary>
    public static DeniedCall Of(ErrorKind kind, string message, string code, string requestId) =>
        new(new ChatError(kind, message, Code: code), requestId, RetryAfter: null, Retry: false, Limit: null);

    private static (ErrorKind Kind, TimeSpan? Wait, bool Retry) OfLimit(LimitFacts facts) => facts.IsMoney
        ? (ErrorKind.Billing, facts.RetryAfter, false) // SDKs retry every 429 and no retry brings money.
        : (ErrorKind.RateLimit, facts.RetryAfter, facts.RetryAfter is { } after && after <= RetryWaitMax);
}
