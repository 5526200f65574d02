using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Leases;
using AIOrleans.Grains.Requests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace AIOrleans.Grains.Outages;

/// <summary>Lets calls through while the ledger is away: on the accounts' memory, made durable in the journal, and only where every account of the path allows it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OutageHolds(
    StoreOutage outage, JournaledHolds journal, IDirectory directory, AccountGrains accounts, SliceBook slices, ILocalSiloDetails silo, IOptions<HoldOptions> options,
    TimeProvider time, ILogger<OutageHolds> logger)
{
    private readonly TimeSpan lease = options.Value.Lease;

    /// <summary>True from the first call that found the ledger away until everything journaled is in it.</summary>
    public bool IsAway => outage.IsAway;

    /// <summary>True when the ledger could not say everything about this hold: it is away, or the hold is in the journal.</summary>
    public bool Concerns(HoldId id) => outage.IsAway || journal.Contains(id);

    /// <summary>Takes note that the ledger is away, if calls of <paramref name="path"/> may be journaled for it.</summary>
    public bool TryBegin(IReadOnlyList<AccountId> path, StoreUnavailableException exception)
    {
        if (!directory.Current.MayJournal(path))
        {
            return false;
        }

        outage.Begin(exception.Message);
        return true;
    }

    /// <summary>Holds on every account from memory and in the journal, or nowhere. What an account already holds for this call is the same hold.</summary>
    /// <exception cref="StoreUnavailableException">Some account does not allow it, or the journal cannot take it.</exception>
    public async Task<HoldReply> HoldAsync(HoldCommand command)
    {
        if (!directory.Current.MayJournal(command.Path))
        {
            throw Refused("The ledger is away, and not every account of this call allows it to be journaled.");
        }

        DateTimeOffset now = time.GetUtcNow();
        var ask = new HoldAsk(command.Id, command.Operation, command.Worst, command.Expected, now + lease, command.Line) { CallerId = command.Attribution.KeyId };
        var path = new PathHold(command, accounts, slices, options.Value.AccountWait, time, logger);
        HoldReply reply;
        try
        {
            reply = await path.AskAsync(ask, isOutage: true);
        }
        catch (AccountUnreachableException exception)
        {
            await path.GiveUpAsync();
            return new HoldReply { Unreachable = exception.Account, Headroom = Headroom.Unlimited };
        }

        if (reply.Denied is not null)
        {
            return reply;
        }

        if (!await journal.TryHoldAsync(path.ToDurable(ask, now, silo.Name)))
        {
            await path.UndoAsync();
            throw Refused("The ledger is away, and the outage journal is full or its disk fails.");
        }

        outage.CountJournaled();
        return reply with { IsJournaled = true };
    }

    /// <summary>Holds as <see cref="HoldAsync"/> does a call that the ledger may have or not; null when that cannot be done either.</summary>
    public async Task<HoldReply?> TryTakeOverAsync(HoldCommand command, StoreUnavailableException exception)
    {
        try
        {
            return TryBegin(command.Path, exception) && await HoldAsync(command) is { IsHeld: true } reply ? reply : null;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Prolongs the leases of holds in the journal.</summary>
    /// <returns>Those that are in it.</returns>
    public IReadOnlyList<HoldId> Renew(IReadOnlyList<HoldId> ids, DateTimeOffset leaseUntil) => journal.Renew(ids, leaseUntil);

    private StoreUnavailableException Refused(string reason)
    {
        outage.CountRefused();
        return new StoreUnavailableException(reason);
    }
}
