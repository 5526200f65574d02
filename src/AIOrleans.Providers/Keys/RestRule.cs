using AIOrleans.Core.Health;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers.Keys;

/// <summary>Which failures are refusals of the key, and how long it rests for them.</summary>
internal static class RestRule
{
    /// <summary>After a 429 that does not say how long: rates are per minute, and another look costs nothing.</summary>
    public static readonly TimeSpan LimitedRest = TimeSpan.FromSeconds(10);

    /// <summary>After 401, 402 and 403: a person has to act. Another look is one refused call.</summary>
    public static readonly TimeSpan RefusedRest = TimeSpan.FromMinutes(5);

    /// <summary>Null when the failure is not the key's.</summary>
    /// <remarks>An invalid key and an empty account stop every model; rates and permissions are of one model.</remarks>
    public static KeyRest? For(AttemptFailure failure, string model, DateTimeOffset now) => failure switch
    {
        { Kind: not FailureKind.BadStatus } => null,
        { Status: (401 or 402) and var status } => new KeyRest(null, status, now + RefusedRest),
        { Status: 403 and var status } => new KeyRest(model, status, now + RefusedRest),

        // OpenAI tells a spent budget as a rate.
        { Status: 429 and var status, Error.Kind: ErrorKind.Billing } => new KeyRest(null, status, now + RefusedRest),
        { Status: 429 and var status } => new KeyRest(model, status, now + (failure.RetryAfter ?? LimitedRest)),
        _ => null,
    };
}
