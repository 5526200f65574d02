using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Limits;

/// <content>Why not: asked without changing anything.</content>
public sealed partial class AccountBook
{
    /// <summary>True while the account holds for this request.</summary>
    public bool IsHeld(HoldId id) => holds.Contains(id);

    /// <summary>Why <paramref name="ask"/> would be refused now; null when it would be granted. Changes nothing.</summary>
    public Refusal? FindRefusal(in HoldAsk ask, DateTimeOffset now)
    {
        ask.ThrowIfAbsurd();
        windows.Reach(now.UtcTicks);
        int operation = columns.Of(ask.Operation);
        return FindRefusal(TallyEntry.Of(operation, 1, ask.Worst), TallyEntry.Of(operation, 1, ask.Expected), RatedTokens(ask.Operation, ask.Expected.Tokens), now);
    }

    /// <summary>How long the rates alone keep the last of so many requests, with so many expected tokens in all, if nothing else takes from them.</summary>
    /// <returns>The longer of both waits, and the one that no settlement can shorten.</returns>
    public (TimeSpan Wait, TimeSpan SureWait) RefillTime(long requests, long tokens, DateTimeOffset now)
    {
        TimeSpan forRequests = rates.RefillTimeOfRequests(requests, now);
        TimeSpan forTokens = rates.RefillTimeOfTokens(tokens, now);
        TimeSpan longer = forRequests > forTokens ? forRequests : forTokens;

        // A call in flight may give tokens back, and never its request.
        return (longer, holds.Count == 0 ? longer : forRequests);
    }

    /// <summary>The limit of <paramref name="ahead"/>, which keeps an earlier call, as it is for <paramref name="ask"/> now.</summary>
    public LimitFacts FactsBehind(LimitFacts ahead, in HoldAsk ask, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ahead);
        int operation = columns.Of(ask.Operation);
        LimitFacts? current = ahead.Kind switch
        {
            LimitKind.Quota => Array.Find(quotas, quota => quota.Config.Name == ahead.Limit)?.FactsOf(
                account, TallyEntry.Of(operation, 1, ask.Worst), TallyEntry.Of(operation, 1, ask.Expected), now.UtcTicks, ShortWait),
            LimitKind.Concurrent => config.Limits.Concurrent is { } max ? SlotFacts(max) : null,
            _ => rates.FactsOf(ahead.Kind, ask.Expected.Tokens, now),
        };

        // The limit may be gone: then it was what kept the earlier call until just now.
        return current ?? ahead;
    }

    private Refusal? FindRefusal(in TallyEntry worst, in TallyEntry expected, long ratedTokens, DateTimeOffset now)
    {
        var draft = default(RefusalDraft);
        foreach (QuotaMeter quota in quotas)
        {
            if (quota.IsEnforced && !quota.Fits(worst, expected, now.UtcTicks))
            {
                LimitFacts facts = quota.FactsOf(account, worst, expected, now.UtcTicks, ShortWait);
                draft.Add(facts, isSure: !facts.IsHeldBack);
            }
        }

        if (config.Limits.Concurrent is { } max && holds.Slots >= max)
        {
            draft.Add(SlotFacts(max), isSure: false);
        }

        rates.AddRefusals(ref draft, ratedTokens, isAtRest: holds.Count == 0, now);
        return draft.ToRefusal();
    }

    private LimitFacts SlotFacts(int max) =>
        new(account, LimitKind.Concurrent, "concurrent", QuotaMetric.Requests, 0, holds.Slots, max, 1, max == 0 ? null : ShortWait, null);
}
