using AIOrleans.Core.Idempotency;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Ports;

/// <summary>Who leads for an <c>Idempotency-Key</c>, and the answers of those who led. Answers are sealed at rest.</summary>
/// <remarks>
/// Thread-safe; a returned task means durable. Every method may be repeated, and throws <see cref="StoreUnavailableException"/> when the store
/// cannot be reached within its bounded wait. The store is the truth: of any number of claims, on any number of processes, one leads.
/// </remarks>
public interface IAnswerStore
{
    /// <summary>Lets <paramref name="claim"/> lead unless another request leads or led for its key, and is remembered.</summary>
    /// <param name="leaseUntil">Until when the claim stands without being renewed.</param>
    /// <param name="now">Claims whose lease ended before, and keys that expired before, are free to take.</param>
    Task<ClaimOutcome> ClaimAsync(AnswerClaim claim, DateTimeOffset leaseUntil, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Prolongs the claim of <paramref name="requestId"/>.</summary>
    /// <returns>False when it does not lead any more.</returns>
    Task<bool> RenewAsync(string key, HoldId requestId, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>Ends the claim of a request that was charged, and remembers its answer until <paramref name="expiresAt"/>.</summary>
    /// <param name="answer">Null: the answer is not kept, but that there was one is.</param>
    /// <returns>False when the request does not lead any more: nothing was written.</returns>
    Task<bool> KeepAsync(string key, HoldId requestId, KeptAnswer? answer, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Ends the claim of a request that was not charged: the next one with the key leads.</summary>
    Task ForgetAsync(string key, HoldId requestId, CancellationToken cancellationToken);

    /// <summary>The answer of <paramref name="requestId"/>; null when it is not kept, or not any more.</summary>
    Task<KeptAnswer?> ReadAsync(string key, HoldId requestId, CancellationToken cancellationToken);

    /// <summary>Removes keys that expired before <paramref name="now"/>, at most <paramref name="countMax"/>.</summary>
    /// <returns>How many were removed.</returns>
    Task<int> SweepAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken);
}
