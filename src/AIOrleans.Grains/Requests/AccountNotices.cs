using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Grains.Accounts;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Requests;

/// <summary>Tells the accounts of a path what the ledger has recorded.</summary>
internal sealed class AccountNotices(AccountGrains accounts, ILogger<AccountNotices> logger)
{
    /// <summary>Tells every account, even when some cannot be reached.</summary>
    /// <returns>Bucket levels that the ledger has not heard of: of accounts whose call used more than it held.</returns>
    public async Task<IReadOnlyList<BucketLevels>> TellAsync(Settlement settlement, bool isReplay, SettlementPlace place = SettlementPlace.Ledger)
    {
        SettledHold settled = SettledOf(settlement, isReplay) with { Place = place };
        List<BucketLevels>? lowered = null;
        foreach (AccountId account in settlement.Path)
        {
            try
            {
                if (await accounts[account].SettleAsync(settled) is { } levels)
                {
                    (lowered ??= []).Add(levels);
                }
            }
            catch (Exception exception)
            {
                // Whatever it is must not keep the others from knowing. The ledger has it; the account finds its hold overdue and loads anew.
                RequestLog.AccountNotTold(logger, settlement.HoldId.ToString(), account.ToString(), exception);
            }
        }

        return lowered ?? [];
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
