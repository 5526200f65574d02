using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Accounts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace AIOrleans.Grains.Requests;

/// <summary>Fans holds out over the accounts of a path and makes them durable; ends them the other way round.</summary>
[StatelessWorker]
internal sealed class RequestGrain(
    ILedger ledger, AccountGrains accounts, HoldExtensions extensions, Settlements settlements, ILocalSiloDetails silo, IOptions<HoldOptions> options, TimeProvider time,
    ILogger<RequestGrain> logger)
    : Grain, IRequestGrain
{
    /// <summary>Times a hold is asked anew after an account changed hands: once is usual when an account reloads, so many mean that the ledger is in trouble.</summary>
    private const int TriesMax = 8;

    private readonly HoldOptions options = options.Value;

    public async Task<HoldReply> HoldAsync(HoldCommand command)
    {
        settlements.EnsureRoom();
        long startedStamp = time.GetTimestamp();
        Patience? patience = null;
        var path = new PathHold(command, accounts, options.AccountWait, time, logger);
        while (true)
        {
            try
            {
                return await TryHoldAsync(command, path);
            }
            catch (AccountUnreachableException exception)
            {
                patience ??= new Patience(options.AccountWait, startedStamp, time);
                RequestLog.AccountUnreachable(logger, command.Id.ToString(), exception.Account.ToString(), exception.Message);
                if (!await patience.TryPauseAsync())
                {
                    await path.GiveUpAsync();
                    return new HoldReply { Unreachable = exception.Account, Headroom = Headroom.Unlimited };
                }
            }
        }
    }

    public async Task<DateTimeOffset> RenewAsync(RenewCommand command)
    {
        DateTimeOffset leaseUntil = time.GetUtcNow() + options.Lease;
        HoldId[] ids = [.. command.Holds.Select(hold => hold.Id)];
        HashSet<HoldId> open = options.Durability == LedgerDurability.Fast
            ? [.. ids]
            : [.. await ledger.RenewAsync(ids, leaseUntil, CancellationToken.None)];
        IEnumerable<Task> renewals =
            from hold in command.Holds
            where open.Contains(hold.Id)
            from account in hold.Path
            select RenewAsync(accounts[account], hold.Id, leaseUntil);
        await Task.WhenAll(renewals);
        return leaseUntil;
    }

    public Task<ExtendReply> ExtendAsync(ExtendCommand command) => extensions.ExtendAsync(command);

    public Task SettleAsync(SettleCommand command) => settlements.SettleAsync(command);

    /// <exception cref="AccountUnreachableException">Some accounts may hold; asked again, the same path goes on from there.</exception>
    private async Task<HoldReply> TryHoldAsync(HoldCommand command, PathHold path)
    {
        for (int tries = 1; tries <= TriesMax; tries++)
        {
            DateTimeOffset now = time.GetUtcNow();
            var ask = new HoldAsk(command.Id, command.Operation, command.Worst, command.Expected, now + options.Lease, command.Line);
            HoldReply reply = await path.AskAsync(ask);
            if (reply.Denied is not null)
            {
                settlements.EnsureNoneWaits();
                return reply;
            }

            if (options.Durability == LedgerDurability.Fast || await TryRecordAsync(path, ask, now))
            {
                return reply;
            }

            RequestLog.Fenced(logger, command.Id.ToString(), tries);
        }

        await path.UndoAsync();
        throw new StoreUnavailableException("The accounts of this request kept moving between silos. Try again.");
    }


    /// <summary>Makes the grants durable; false when some account was loaded anew since it granted, and the path must be asked again.</summary>
    private async Task<bool> TryRecordAsync(PathHold path, HoldAsk ask, DateTimeOffset now)
    {
        if (path.IsSureToBeFenced)
        {
            await path.ReloadAsync();
            return false;
        }

        DurableHold hold = path.ToDurable(ask, now, silo.Name);
        try
        {
            HoldOutcome outcome = await ledger.HoldAsync(hold, CancellationToken.None);
            path.NoteOutcome(outcome);
            return outcome == HoldOutcome.Recorded;
        }
        catch (StoreUnavailableException)
        {
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
        catch (Exception exception) when (AccountGrains.IsUnreachable(exception))
        {
            // The account finds the hold overdue, looks into the ledger, and knows.
            RequestLog.NotRenewed(logger, id.ToString(), exception);
        }
    }
}
