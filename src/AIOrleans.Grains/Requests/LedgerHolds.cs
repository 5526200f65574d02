using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Outages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace AIOrleans.Grains.Requests;

/// <summary>Holds on every account of a path or on none, and makes the grants durable in the ledger, which refuses those of accounts that have moved.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LedgerHolds(
    ILedger ledger, AccountGrains accounts, Settlements settlements, OutageHolds outages, StoreProbe probe, ILocalSiloDetails silo, IOptions<HoldOptions> options,
    TimeProvider time, ILogger<LedgerHolds> logger)
{
    /// <summary>Times a hold is asked anew after an account changed hands: once is usual when an account reloads, so many mean that the ledger is in trouble.</summary>
    private const int TriesMax = 8;

    /// <summary>Answers of one account that may be lost while a request waits for it: silos that have just found each other drop some.</summary>
    private const int AnswersLostMax = 3;

    private readonly HoldOptions options = options.Value;

    /// <summary>Holds; an account that is out of reach is waited for while it may come to life elsewhere.</summary>
    /// <exception cref="StoreUnavailableException">Nothing is held, or it is being given back.</exception>
    public async Task<HoldReply> HoldAsync(HoldCommand command)
    {
        settlements.EnsureRoom();
        long startedStamp = time.GetTimestamp();
        Patience? patience = null;
        var path = new PathHold(command, accounts, options.AccountWait / AnswersLostMax, time, logger);
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

    /// <exception cref="AccountUnreachableException">Some accounts may hold; asked again, the same path goes on from there.</exception>
    private async Task<HoldReply> TryHoldAsync(HoldCommand command, PathHold path)
    {
        for (int tries = 1; tries <= TriesMax; tries++)
        {
            DateTimeOffset now = time.GetUtcNow();
            var ask = new HoldAsk(command.Id, command.Operation, command.Worst, command.Expected, now + options.Lease, command.Line);
            HoldReply reply;
            try
            {
                reply = await path.AskAsync(ask);
            }
            catch (StoreUnavailableException exception)
            {
                if (StoreSilo.IsOther(exception, silo.Name) && await probe.AnswersAsync())
                {
                    // The account's silo alone cannot reach the ledger: the others are about to notice, and then it lives elsewhere.
                    throw new AccountUnreachableException(path.Asked, exception);
                }

                if (!outages.TryBegin(command.Path, exception))
                {
                    throw;
                }

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
}
