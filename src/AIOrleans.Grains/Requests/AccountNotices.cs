using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Leases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains.Requests;

/// <summary>Tells the accounts of a path what the ledger has recorded.</summary>
internal sealed class AccountNotices(AccountGrains accounts, SliceBook slices, IOptions<HoldOptions> options, TimeProvider time, ILogger<AccountNotices> logger)
{
    /// <summary>Tells every account, even when some cannot be reached: those are told later, because what they hold until their lease ends may refuse others.</summary>
    /// <returns>Bucket levels that the ledger has not heard of: of accounts whose call used more than it held.</returns>
    public async Task<IReadOnlyList<BucketLevels>> TellAsync(Settlement settlement, bool isReplay, SettlementPlace place = SettlementPlace.Ledger)
    {
        SettledHold settled = SettledOf(settlement, isReplay) with { Place = place };
        List<AccountId> untold = [];
        List<BucketLevels> lowered = [];
        foreach (AccountId account in settlement.Path)
        {
            if (!await TryTellAsync(account, settled, lowered))
            {
                untold.Add(account);
            }
        }

        // Of an orphan the accounts think already: the hold that they know of is overdue. Not of one that they have counted because the journal had it.
        if (untold.Count > 0 && (place != SettlementPlace.Ledger || !IsOrphan(settlement)))
        {
            await TellAgainAsync(untold, settled, lowered);
        }

        return lowered;
    }

    private static bool IsOrphan(Settlement settlement) => settlement.Events is [{ Estimated: true, Provider: "" }];

    private async Task TellAgainAsync(List<AccountId> untold, SettledHold settled, List<BucketLevels> lowered)
    {
        var patience = new Patience(options.Value.AccountWait, time.GetTimestamp(), time);
        while (untold.Count > 0 && await patience.TryPauseAsync())
        {
            List<AccountId> still = [];
            foreach (AccountId account in untold)
            {
                if (!await TryTellAsync(account, settled, lowered))
                {
                    still.Add(account);
                }
            }

            untold = still;
        }
    }

    private async Task<bool> TryTellAsync(AccountId account, SettledHold settled, List<BucketLevels> lowered)
    {
        try
        {
            (bool isNoted, BucketLevels? noted) = await slices.TrySettleAsync(account, settled);
            if ((isNoted ? noted : await accounts[account].SettleAsync(settled)) is { } levels)
            {
                lowered.Add(levels);
            }

            return true;
        }
        catch (Exception exception)
        {
            // Whatever it is must not keep the others from knowing. The ledger has it; the account finds its hold overdue and loads anew.
            RequestLog.AccountNotTold(logger, settled.Id.ToString(), account.ToString(), exception.Message);
            return !AccountGrains.IsUnreachable(exception);
        }
    }

    private static SettledHold SettledOf(Settlement settlement, bool isReplay)
    {
        UsageEvent last = settlement.Events[^1];
        int requests = 0;
        long tokens = 0;
        NanoUsd cost = default;
        foreach (UsageEvent attempt in settlement.Events)
        {
            requests += attempt.Requests;
            tokens = checked(tokens + attempt.Usage.Total);
            cost += attempt.Cost;
        }

        return new SettledHold
        {
            Id = settlement.HoldId,
            Usage = new SettledUsage(last.Operation, requests, new HoldSize(tokens, cost)),
            SettledAt = last.SettledAt,
            Status = last.Status,
            FailedBy = last.FailedBy,
            DurationMicros = last.DurationMicros,
            FirstByteMicros = last.FirstByteMicros,
            IsReplay = isReplay,
        };
    }
}
