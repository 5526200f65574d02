using AIOrleans.Core.Ledger;
using Orleans;
using Orleans.Concurrency;

namespace AIOrleans.Contracts.Idempotency;

/// <summary>Decides which request of one <c>Idempotency-Key</c> calls a provider, and lets the others wait for it. Key: <c>acme.eng.k1/9f86…</c>, the API key's id and a hash.</summary>
/// <remarks>Answers never pass through here: they are in the memory of the leader's process, and then in the store, which is the truth of who leads.</remarks>
[Alias("aiorleans.idempotency")]
public interface IIdempotencyGrain : IGrainWithStringKey
{
    /// <summary>Asks to lead.</summary>
    [Alias("claim")]
    Task<ClaimReply> ClaimAsync(ClaimCommand command);

    /// <summary>Prolongs the lease of a leader.</summary>
    [Alias("renew")]
    Task<LeadReply> RenewAsync(HoldId requestId);

    /// <summary>Completes when <paramref name="requestId"/> does not lead any more, or after some seconds; then ask again.</summary>
    [Alias("wait")]
    [AlwaysInterleave] // Safe: waits for a signal and changes nothing but the count of those who wait.
    Task WaitAsync(HoldId requestId);

    /// <summary>Tells those who wait that <paramref name="requestId"/> has ended, which is in the store already.</summary>
    [Alias("end")]
    Task EndAsync(HoldId requestId);
}
