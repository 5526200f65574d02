using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Provider;

namespace AIOrleans.Chaos.Audit;

/// <summary>Compares what accounts say of themselves with the sum of the ledger, and with their quotas.</summary>
internal sealed class CounterAudit(Invoice invoice, Verdict verdict)
{
    /// <summary>Every period of every account equals the events charged to it.</summary>
    public void CheckCounters(IEnumerable<LiveAccount> accounts, IReadOnlyList<LedgerEvent> events, string source)
    {
        ILookup<string, LedgerEvent> byAccount = events.SelectMany(e => e.Path.Select(account => (account, e))).ToLookup(pair => pair.account, pair => pair.e);
        foreach (LiveAccount live in accounts)
        {
            foreach (LivePeriod period in live.Periods)
            {
                LedgerEvent[] charged = [.. byAccount[live.Account.Id].Where(e => e.SettledAt >= period.StartsAt && e.SettledAt < period.EndsAt)];
                Compare(live.Account, period, charged, source);
            }
        }
    }

    /// <summary>What was settled under a strict quota is within its amount, minute by minute where it counts minutes.</summary>
    public void CheckQuotas(IEnumerable<LiveAccount> accounts, IReadOnlyList<LedgerEvent> events)
    {
        foreach (LiveAccount live in accounts)
        {
            LedgerEvent[] charged = [.. events.Where(e => e.Path.Contains(live.Account.Id))];
            foreach (LiveQuota quota in live.Quotas)
            {
                IEnumerable<IGrouping<DateTimeOffset, LedgerEvent>> windows = quota.Period == "minute"
                    ? charged.GroupBy(e => MinuteOf(e.SettledAt))
                    : charged.Where(e => e.SettledAt >= quota.StartsAt && e.SettledAt < quota.EndsAt).GroupBy(_ => quota.StartsAt);
                foreach (IGrouping<DateTimeOffset, LedgerEvent> window in windows)
                {
                    CheckQuota(live.Account, quota, window);
                }
            }
        }
    }

    private void CheckQuota(Account account, LiveQuota quota, IGrouping<DateTimeOffset, LedgerEvent> window)
    {
        long settled = window.Sum(e => quota.Metric switch { Metric.Requests => e.Requests, Metric.Tokens => e.Tokens.Total, _ => e.CostNano });
        long excess = invoice.ExcessOf(account.Id, quota.Metric);
        if (settled > quota.Amount + excess)
        {
            verdict.AddOnce($"{account.Id} {quota.Name}", new Finding(
                Fault.Overspend,
                $"{account.Id} {quota.Name} from {window.Key:HH:mm:ss}: settled {settled} > amount {quota.Amount} + told beyond holds {excess}"));
        }
    }

    private void Compare(Account account, LivePeriod period, LedgerEvent[] charged, string source)
    {
        (long Requests, long Tokens, long Nano) counted = (period.Requests, period.Tokens, period.CostNano);
        (long Requests, long Tokens, long Nano) ledger = (charged.Sum(e => e.Requests), charged.Sum(e => e.Tokens.Total), charged.Sum(e => e.CostNano));
        if (counted != ledger)
        {
            bool isLess = counted.Requests < ledger.Requests || counted.Tokens < ledger.Tokens || counted.Nano < ledger.Nano;
            verdict.AddOnce($"{account.Id} counters {source}", new Finding(
                isLess ? Fault.Lost : Fault.Phantom,
                $"{account.Id}, {period.Name}: {source} count {counted}, the ledger has {ledger} (requests, tokens, nano-dollars)"));
        }
    }

    private static DateTimeOffset MinuteOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
