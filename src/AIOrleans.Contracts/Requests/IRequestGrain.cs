using Orleans;
using Orleans.Concurrency;

namespace AIOrleans.Contracts.Requests;

/// <summary>Holds, renews and settles requests over all accounts of their path. A stateless worker: always on the silo that calls it.</summary>
/// <remarks>Every method may interleave: the grain keeps no state between or across awaits, each call works on its own arguments.</remarks>
[Alias("aiorleans.request")]
public interface IRequestGrain : IGrainWithIntegerKey
{
    /// <summary>Holds the worst case on every account of the path, or on none, and makes it durable.</summary>
    /// <remarks>Takes no cancellation token: a caller that left would not learn of its hold. After any exception but the one below the caller gives the hold back by settling it as nothing.</remarks>
    /// <exception cref="Core.Ports.StoreUnavailableException">The ledger cannot be reached. Nothing is held, or it will be given back without the caller.</exception>
    [Alias("hold")]
    [AlwaysInterleave] // Safe: no state, see the remarks.
    Task<HoldReply> HoldAsync(HoldCommand command);

    /// <summary>Prolongs the leases of holds whose requests still live, in the ledger first and in their accounts second.</summary>
    /// <returns>Until when they live now.</returns>
    [Alias("renew")]
    [AlwaysInterleave] // Safe: no state, see the remarks.
    Task<DateTimeOffset> RenewAsync(RenewCommand command);

    /// <summary>Raises an open hold to a new total on every account of its path, or on none, and makes it durable.</summary>
    /// <remarks>One at a time for each hold. Asked again with the same total, it is granted again and counted once.</remarks>
    [Alias("extend")]
    [AlwaysInterleave] // Safe: no state, see the remarks.
    Task<ExtendReply> ExtendAsync(ExtendCommand command);

    /// <summary>Ends a hold by its true usage: in the ledger first, in the accounts second, then on the stream <c>usage</c>.</summary>
    /// <remarks>Never lost while this silo lives: an unreachable ledger is retried in the background.</remarks>
    [Alias("settle")]
    [AlwaysInterleave] // Safe: no state, see the remarks.
    Task SettleAsync(SettleCommand command);
}
