using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Leases;
using AIOrleans.Grains.Outages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains.Requests;

/// <summary>Raises open holds over all accounts of their path, and makes that durable as the holds are.</summary>
/// <remarks>
/// Thread-safe. In doubt the accounts keep the larger size until the call is settled: what an orphan is charged must never be more than what was held.
/// Nobody waits for an account or a ledger to come back: the call that asks is running, and can go on without.
/// </remarks>
internal sealed class HoldExtensions(
    ILedger ledger, AccountGrains accounts, SliceBook slices, OutageHolds outages, Settlements settlements, IOptions<HoldOptions> options, TimeProvider time,
    ILogger<HoldExtensions> logger)
{
    /// <summary>Times the path is asked anew after an account changed hands: as for a hold, but nobody should wait long for an extension.</summary>
    private const int TriesMax = 4;

    public async Task<ExtendReply> ExtendAsync(ExtendCommand command)
    {
        if (outages.Concerns(command.Id))
        {
            // A hold in the journal is settled as it stands there.
            return new ExtendReply { Unavailable = "The ledger is away." };
        }

        var path = new PathExtension(command, accounts, slices, options.Value.AccountWait, time, logger);
        for (int tries = 1; tries <= TriesMax; tries++)
        {
            if (await TryAskAsync(path) is { IsExtended: false } refused)
            {
                // Holds of calls that have ended may be all that fills the limit: nobody is refused for those.
                return refused.Denied is null || settlements.WaitingCount == 0
                    ? refused
                    : new ExtendReply { Unavailable = "The ledger was unreachable, and settlements wait for it." };
            }

            switch (await TryRecordAsync(command, path))
            {
                case ExtendOutcome.Recorded:
                    return new ExtendReply();

                case ExtendOutcome.NotOpen:
                    await path.ShrinkAsync();
                    return new ExtendReply { Unavailable = "The hold has ended." };

                case null:
                    // It may have been written: the accounts keep what the ledger may have.
                    return new ExtendReply { Unavailable = "The ledger cannot be reached." };
            }

            ExtensionLog.Fenced(logger, command.Id.ToString(), tries);
        }

        await path.ShrinkAsync();
        return new ExtendReply { Unavailable = "The accounts of this request kept moving between silos." };
    }

    private static async Task<ExtendReply> TryAskAsync(PathExtension path)
    {
        try
        {
            return await path.AskAsync();
        }
        catch (StoreUnavailableException exception)
        {
            return new ExtendReply { Unavailable = exception.Message };
        }
        catch (AccountUnreachableException exception)
        {
            return new ExtendReply { Unavailable = exception.Message };
        }
    }

    /// <returns>Null when the ledger cannot be reached, and may or may not have written it.</returns>
    private async Task<ExtendOutcome?> TryRecordAsync(ExtendCommand command, PathExtension path)
    {
        if (options.Value.Durability == LedgerDurability.Fast)
        {
            return ExtendOutcome.Recorded;
        }

        try
        {
            ExtendOutcome outcome = await ledger.ExtendAsync(path.ToDurable(), CancellationToken.None);
            if (outcome == ExtendOutcome.Fenced)
            {
                await path.NoteFencedAsync();
            }

            return outcome;
        }
        catch (StoreUnavailableException exception)
        {
            ExtensionLog.Unknown(logger, command.Id.ToString(), exception.Message);
            return null;
        }
    }
}
