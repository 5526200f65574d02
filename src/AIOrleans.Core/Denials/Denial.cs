using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Denials;

/// <summary>An expected refusal: a value, never an exception. Mapped to HTTP in one file per protocol.</summary>
/// <param name="Code">Machine-readable, stable.</param>
public abstract record Denial(string Code)
{
    /// <summary>The body is not what the protocol allows.</summary>
    /// <param name="Param">The offending field; null when it is the whole body.</param>
    /// <param name="MistakeCode">Which mistake, in the words of the protocol; null when the body is not JSON.</param>
    public sealed record Malformed(string Message, string? Param, string? MistakeCode) : Denial("invalid_request");

    /// <summary>The body is larger than the gateway reads.</summary>
    /// <param name="Option">Which option bounds it.</param>
    public sealed record BodyTooLarge(long BytesMax, string Option = "Gateway:BodyBytesMax") : Denial("request_too_large");

    /// <summary>The data plane has no such address.</summary>
    public sealed record UnknownRoute(string Method, string Path) : Denial("unknown_url");

    /// <summary>No usable key.</summary>
    public sealed record Unauthenticated(string Message) : Denial("invalid_api_key");

    /// <summary>A JSON Web Token that identifies nobody.</summary>
    public sealed record TokenRefused(TokenFault Fault) : Denial(CodeOf(Fault))
    {
        /// <summary>What to look at; null where the fault says it all.</summary>
        public string? Detail { get; init; }

        private static string CodeOf(TokenFault fault) => fault switch
        {
            TokenFault.Malformed => "token_malformed",
            TokenFault.AlgorithmRefused => "token_algorithm_refused",
            TokenFault.IssuerUnknown => "token_issuer_unknown",
            TokenFault.KeyUnknown => "token_key_unknown",
            TokenFault.SignatureInvalid => "token_signature_invalid",
            TokenFault.Expired => "token_expired",
            TokenFault.NotYetValid => "token_not_yet_valid",
            TokenFault.AudienceWrong => "token_audience_wrong",
            _ => "token_unmapped",
        };
    }

    /// <summary>The keys of a token's issuer are not known, or too old: it cannot be told whether the token holds.</summary>
    public sealed record IssuerUnavailable(TimeSpan RetryAfter) : Denial("issuer_unavailable");

    /// <summary>The caller's key or something above it is switched off.</summary>
    public sealed record Suspended(AccountId Account) : Denial("account_suspended");

    /// <summary>No such alias.</summary>
    public sealed record ModelNotFound(string Model) : Denial("model_not_found");

    /// <summary>The alias exists, this caller may not use it.</summary>
    public sealed record ModelNotAllowed(string Model) : Denial("model_not_allowed");

    /// <summary>No deployment of the alias is in a region that this caller may use.</summary>
    public sealed record RegionNotAllowed(string Model) : Denial("region_not_allowed");

    /// <summary>The provider keeps no such object, or none of the caller's org: which of both is not told.</summary>
    /// <param name="Message">In the provider's words.</param>
    public sealed record ObjectNotFound(string Message) : Denial("object_not_found")
    {
        public static ObjectNotFound OfFile(string id) => new($"No such File object: {id}");

        public static ObjectNotFound OfBatch(string id) => new($"No batch found with id '{id}'.");
    }

    /// <summary>A deployment of the alias has no price, so that its cost could not be held.</summary>
    /// <param name="Deployment">Which: <c>provider/model</c>.</param>
    public sealed record Unpriced(string Model, string Deployment) : Denial("model_unpriced");

    /// <summary>The <c>Idempotency-Key</c> belongs to another request of the same API key.</summary>
    public sealed record IdempotencyKeyReused() : Denial("idempotency_key_reused");

    /// <summary>The call of this <c>Idempotency-Key</c> was made and charged, but its answer cannot be given again.</summary>
    public sealed record AnswerNotKept() : Denial("idempotency_answer_not_kept");

    /// <summary>Too many calls with an <c>Idempotency-Key</c> are running, or their answers take too much memory.</summary>
    public sealed record IdempotencyBusy(TimeSpan RetryAfter) : Denial("idempotency_busy");

    /// <summary>A limit of an account of the path refused.</summary>
    public sealed record LimitReached(LimitFacts Facts) : Denial(CodeOf(Facts))
    {
        private static string CodeOf(LimitFacts facts) =>
            facts.IsMoney ? "budget_exceeded" : facts.Kind == LimitKind.Quota ? "quota_exceeded" : "rate_limit_exceeded";
    }

    /// <summary>A stream outgrew what was held for it, and the limit had no room for more. Told within the stream.</summary>
    public sealed record CutOff(LimitFacts Facts) : Denial("budget_cut_off");

    /// <summary>The ledger cannot be reached: nothing is spent that cannot be recorded.</summary>
    public sealed record StoreUnavailable(TimeSpan RetryAfter) : Denial("store_unavailable");

    /// <summary>This process has not heard of changes for too long: what it knows of the caller may not hold any more.</summary>
    public sealed record DirectoryStale(TimeSpan RetryAfter) : Denial("directory_stale");

    /// <summary>An account of the path does not answer: its silo has gone, and it does not live elsewhere yet.</summary>
    public sealed record AccountUnreachable(AccountId Account, TimeSpan RetryAfter) : Denial("account_unreachable");

    /// <summary>The gateway is stopping or too busy.</summary>
    public sealed record Overloaded(TimeSpan RetryAfter) : Denial("overloaded");

    /// <summary>Every deployment tried failed before a byte of an answer.</summary>
    /// <param name="Status">502 broken answer or connection, 503 none available, 504 no answer in time.</param>
    public sealed record ProviderFailed(int Status, string Message, TimeSpan? RetryAfter) : Denial("provider_failed");

    /// <summary>A bug of the gateway; details are in its log under the request id.</summary>
    public sealed record Internal() : Denial("internal_error");
}
