using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Grains.Accounts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains.Requests;

/// <summary>Tells the accounts of a path what the ledger has recorded.</summary>
internal sealed class AccountNotices(AccountGrains accounts, IOptions<HoldOptions> options, TimeProvider time, ILogger<AccountNotices> logger)
{
    /// <summary>Tells every account, even when some cannot be reached: those are told later, because what they hold until their lease ends may refuse others.</summary>
    public async Task TellAsync(Settlement settlement, bool isReplay)
    {
        SettledHold settled = SettledOf(settlement, isReplay);
        List<AccountId> untold = [];
        foreach (AccountId account in settlement.Path)
        {
            if (!await TryTellAsync(account, settled))
            {
                untold.Add(account);
            }
        }

        // Of an orphan the accounts think already: the hold that they know of is overdue.
        if (untold.Count > 0 && !IsOrphan(settlement))
        {
            await TellAgainAsync(untold, settled);
        }
    }

    private static bool IsOrphan(Settlement settlement) => settlement.Events is [{ Estimated: true, Provider: "" }];

    private async Task TellAgainAsync(List<AccountId> untold, SettledHold settled)
    {
        var patience = new Patience(options.Value.AccountWait, time.GetTimestamp(), time);
        while (untold.Count > 0 && await patience.TryPauseAsync())
        {
            bool[] told = await Task.WhenAll(untold.Select(account => TryTellAsync(account, settled)));
            untold = [.. untold.Where((_, i) => !told[i])];
        }
    }

    private async Task<bool> TryTellAsync(AccountId account, SettledHold settled)
    {
        try
        {
            await accounts[account].SettleAsync(settled);
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
