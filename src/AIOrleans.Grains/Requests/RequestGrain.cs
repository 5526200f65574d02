using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Outages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace AIOrleans.Grains.Requests;

/// <summary>Fans holds out over the accounts of a path and makes them durable; ends them the other way round.</summary>
[StatelessWorker]
internal sealed class RequestGrain(
    ILedger ledger, AccountGrains accounts, Settlements settlements, OutageHolds outages, ILocalSiloDetails silo, IOptions<HoldOptions> options,
    TimeProvider time, ILogger<RequestGrain> logger)
    : Grain, IRequestGrain
{
    /// <summary>Times a hold is asked anew after an account changed hands: once is usual when an account reloads, so many mean that the ledger is in trouble.</summary>
    private const int TriesMax = 8;

    private readonly HoldOptions options = options.Value;

    public async Task<HoldReply> HoldAsync(HoldCommand command)
    {
        if (outages.IsAway)
        {
            return await outages.HoldAsync(command);
        }

        settlements.EnsureRoom();
        var path = new PathHold(command, accounts, logger);
        for (int tries = 1; tries <= TriesMax; tries++)
        {
            DateTimeOffset now = time.GetUtcNow();
            var ask = new HoldAsk(command.Id, command.Operation, command.Worst, command.Expected, now + options.Lease);
            HoldReply reply;
            try
            {
                reply = await path.AskAsync(ask);
            }
            catch (StoreUnavailableException exception) when (outages.TryBegin(command.Path, exception))
            {
                return await outages.HoldAsync(command);
            }

            if (reply.Denied is not null)
            {
                settlements.EnsureNoneWaits();
                return reply;
            }

            if (options.Durability == LedgerDurability.Fast)
            {
                return reply;
            }

            if (await TryRecordAsync(path, ask, now, command) is { } isJournaled)
            {
                return reply with { IsJournaled = isJournaled };
            }

            RequestLog.Fenced(logger, command.Id.ToString(), tries);
        }

        await path.UndoAsync();
        throw new StoreUnavailableException("The accounts of this request kept moving between silos. Try again.");
    }

    public async Task<DateTimeOffset> RenewAsync(RenewCommand command)
    {
        DateTimeOffset leaseUntil = time.GetUtcNow() + options.Lease;
        HoldId[] ids = [.. command.Holds.Select(hold => hold.Id)];
        HashSet<HoldId> open = [.. outages.Renew(ids, leaseUntil)];
        try
        {
            open.UnionWith(options.Durability == LedgerDurability.Fast ? ids : await ledger.RenewAsync(ids, leaseUntil, CancellationToken.None));
        }
        catch (StoreUnavailableException) when (open.Count > 0)
        {
            // Those that are in the ledger only wait for it: the next renewal is well within their lease.
        }

        IEnumerable<Task> renewals =
            from hold in command.Holds
            where open.Contains(hold.Id)
            from account in hold.Path
            select RenewAsync(accounts[account], hold.Id, leaseUntil);
        await Task.WhenAll(renewals);
        return leaseUntil;
    }

    public Task SettleAsync(SettleCommand command) => settlements.SettleAsync(command);

    /// <summary>Makes the grants durable, and says whether in the journal; null when some account was loaded anew since it granted, and the path must be asked again.</summary>
    private async Task<bool?> TryRecordAsync(PathHold path, HoldAsk ask, DateTimeOffset now, HoldCommand command)
    {
        if (path.IsSureToBeFenced)
        {
            await path.ReloadAsync();
            return null;
        }

        DurableHold hold = path.ToDurable(ask, now, silo.Name);
        try
        {
            HoldOutcome outcome = await ledger.HoldAsync(hold, CancellationToken.None);
            path.NoteOutcome(outcome);
            return outcome == HoldOutcome.Recorded ? false : null;
        }
        catch (StoreUnavailableException exception)
        {
            if (await outages.TryTakeOverAsync(command, exception) is not null)
            {
                return true;
            }

            // It may or may not have been written. Giving it back through the ledger is right in both cases, and keeps the accounts' holds until then.
            settlements.GiveBack(hold);
            throw;
        }
    }

    private async Task RenewAsync(IAccountGrain account, HoldId id, DateTimeOffset leaseUntil)
    {
        try
        {
            await account.RenewAsync(id, leaseUntil);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // The account finds the hold overdue, looks into the ledger, and knows.
            RequestLog.NotRenewed(logger, id.ToString(), exception);
        }
    }
}
