using System.Globalization;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Denials;

/// <summary>Says a denial in plain words: which account, which limit, how full it is, when to come back, what to change.</summary>
public static class DenialText
{
    /// <summary>Longer waits are told as an instant.</summary>
    private static readonly TimeSpan WaitWorthMax = TimeSpan.FromMinutes(2);

    public static string Of(Denial denial) => denial switch
    {
        Denial.Malformed malformed => malformed.Message,
        Denial.BodyTooLarge large => $"The request body is larger than {large.BytesMax:N0} bytes. Send less, or raise {large.Option}.",
        Denial.ObjectNotFound missing => missing.Message,
        Denial.UnknownRoute route => $"Invalid URL ({route.Method} {route.Path}). This gateway serves POST /v1/chat/completions, /v1/responses, /v1/completions, "
            + "/v1/embeddings, /v1/messages, /v1/messages/count_tokens, /v1beta/models/{model}:generateContent, :streamGenerateContent and :countTokens, "
            + "GET /v1/models, and others that docs/protocols.md lists.",
        Denial.Unauthenticated unauthenticated => unauthenticated.Message,
        Denial.TokenRefused token => OfToken(token),
        Denial.IssuerUnavailable => "The issuer of this token cannot be reached, so that its signature cannot be checked. Nothing was charged. Try again.",
        Denial.Suspended suspended => $"{suspended.Account} is suspended. Ask an administrator to set it active again.",
        Denial.ModelNotFound model => $"The model '{model.Model}' does not exist. GET /v1/models lists the models you can use.",
        Denial.ModelNotAllowed model => $"This key may not use the model '{model.Model}'. GET /v1/models lists the models it can use.",
        Denial.RegionNotAllowed model => $"No deployment of '{model.Model}' is in a region that this key may use.",
        Denial.IdempotencyKeyReused => "This Idempotency-Key was used for another request. Send a new key with a new request; repeat a key only with the same path and body.",
        Denial.AnswerNotKept => "The call with this Idempotency-Key was made and charged, but its answer was not kept: it was too large, or cut off after its clients "
            + "had left. Nothing more was charged. Send another key to call again.",
        Denial.IdempotencyBusy => "Too many calls with an Idempotency-Key are running on this gateway. Nothing was charged. Try again, or send the call without the header.",
        Denial.Unpriced model => $"The model '{model.Model}' has no price for its deployment '{model.Deployment}', so its cost cannot be held. Give the model a \"price\", import a price list that has the deployment, or set \"unpriced\": \"allow\".",
        Denial.LimitReached limit => Of(limit.Facts),
        Denial.CutOff cut => OfCutOff(cut.Facts),
        Denial.StoreUnavailable => "The usage ledger cannot be reached, so the call was not let through. Nothing was charged. Try again.",
        Denial.DirectoryStale => "This gateway process cannot hear of changes at the moment, so it does not know whether the key is still allowed. Nothing was charged. Try again.",
        Denial.AccountUnreachable unreachable =>
            $"{unreachable.Account} cannot be reached: the process that kept it has gone, and another one takes over within seconds. Nothing was charged. Try again.",
        Denial.Overloaded => "The gateway is stopping or too busy. Nothing was charged. Try again.",
        Denial.ProviderFailed failed => failed.Message,
        _ => "The gateway failed to handle the request. Nothing is known to be wrong with it; see the gateway's log under the request id.",
    };

    /// <summary>The sentence for one limit, numbers in the limit's own unit.</summary>
    public static string Of(LimitFacts facts)
    {
        string numbers = facts.Kind == LimitKind.Concurrent
            ? $"{facts.Held} of {facts.Amount} calls are in flight"
            : $"used {Amount(facts, facts.Used)}, held {Amount(facts, facts.Held)} of {Amount(facts, facts.Amount)}; this call needs up to {Amount(facts, facts.Asked)}";
        string cure = facts switch
        {
            { CanNeverFit: true } => " It is larger than the limit itself: make the request smaller (for instance by a lower max_tokens) or raise the limit.",
            { RetryAfter: { } wait } when wait <= WaitWorthMax => $" Try again in {Seconds(wait)} s.",
            { ResetsAt: { } at } => $" It resets at {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}.",
            _ => " Ask an administrator to raise it.",
        };
        string others = facts.Line is { Length: > 0 } line
            ? $" {line.Length} {(line.Length == 1 ? "call waits" : "calls wait")} in line for it; this one is number {line.Place}."
            : "";
        return $"Limit {facts.Limit} of {facts.Account} reached: {numbers}.{others}{cure}";
    }

    private static string OfToken(Denial.TokenRefused token) => token.Fault switch
    {
        TokenFault.Malformed => $"This is no JSON Web Token that can be accepted: {token.Detail}.",
        TokenFault.AlgorithmRefused => "This token is signed with an algorithm that is not allowed for its issuer.",
        TokenFault.IssuerUnknown => "This token was made by an issuer that is not trusted here.",
        TokenFault.KeyUnknown => "This token is signed with a key that its issuer does not publish, or not any more. Get a new one.",
        TokenFault.SignatureInvalid => "The signature of this token is not its issuer's.",
        TokenFault.Expired => "This token has expired. Get a new one.",
        TokenFault.NotYetValid => "This token is not valid yet. Check the clocks of its issuer and of the gateway.",
        TokenFault.AudienceWrong => "This token is meant for another audience. Ask its issuer for one that is meant for this gateway.",
        _ => $"This token is valid, but {token.Detail}.",
    };

    private static string OfCutOff(LimitFacts facts)
    {
        string cure = facts.ResetsAt is { } at ? $"It resets at {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}." : "Ask an administrator to raise it.";
        return $"The answer was cut off here: limit {facts.Limit} of {facts.Account} has no room for more of it (used {Amount(facts, facts.Used)}, "
            + $"held {Amount(facts, facts.Held)} of {Amount(facts, facts.Amount)}). What was written so far is charged. {cure}";
    }

    private static string Amount(LimitFacts facts, long value) => facts.Metric == QuotaMetric.Cost
        ? "$" + new NanoUsd(value)
        : value.ToString("N0", CultureInfo.InvariantCulture) + (facts.Metric == QuotaMetric.Tokens ? " token" : " request") + (value == 1 ? "" : "s");

    private static string Seconds(TimeSpan wait) => Math.Max(0.001, wait.TotalSeconds).ToString("0.###", CultureInfo.InvariantCulture);
}
