using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Limits;

/// <content>Holds that grow while their call is in flight.</content>
public sealed partial class AccountBook
{
    /// <summary>Raises an open hold to <paramref name="total"/> on every limit, or changes nothing. Its request and its slot are not taken again.</summary>
    /// <param name="total">What is to be held in all; what is held already in some number stays. Asked again with the same, it is granted again and counted once.</param>
    public ExtendDecision TryExtend(HoldId id, in HoldSizes total, ExtendReason reason, DateTimeOffset now)
    {
        total.ThrowIfAbsurd();
        windows.Reach(now.UtcTicks);
        if (!holds.TryGet(id, out HeldEntry held))
        {
            return new ExtendDecision.NotHeld();
        }

        HoldSizes before = SizesOf(held);
        HoldSizes after = before.Or(total);
        TallyEntry moreWorst = MoreOf(held.Worst, after.Worst);
        TallyEntry moreExpected = MoreOf(held.Expected, after.Expected);
        if (FindRefusal(moreWorst, moreExpected, reason, now) is { } facts)
        {
            return new ExtendDecision.Denied(facts);
        }

        long tokensTaken = rates.TakeMore(moreExpected.Tokens, now);
        holds.Replace(id, held with
        {
            Worst = Resized(held.Worst, after.Worst),
            Expected = Resized(held.Expected, after.Expected),
            TokensTaken = held.TokensTaken + tokensTaken,
        });
        return new ExtendDecision.Extended(before, Levels(now));
    }

    /// <summary>Makes an extension that was refused elsewhere never to have been.</summary>
    /// <param name="from">What the hold must be now: one that has changed since then stays as it is.</param>
    /// <param name="to">What it was before, nowhere larger than <paramref name="from"/>.</param>
    /// <returns>False when nothing was changed.</returns>
    public bool TryShrink(HoldId id, in HoldSizes from, in HoldSizes to, DateTimeOffset now)
    {
        to.ThrowIfAbsurd();
        if (from.Or(to) != from)
        {
            throw new ArgumentException("A hold does not shrink to more than it is.", nameof(to));
        }

        if (!holds.TryGet(id, out HeldEntry held) || SizesOf(held) != from)
        {
            return false;
        }

        // Whatever the bucket was when it grew: what is given back here is missing from what was taken when the call is settled.
        long tokensGiven = Math.Min(from.Expected.Tokens - to.Expected.Tokens, held.TokensTaken);
        rates.GiveBack(0, tokensGiven, now);
        holds.Replace(id, held with
        {
            Worst = Resized(held.Worst, to.Worst),
            Expected = Resized(held.Expected, to.Expected),
            TokensTaken = held.TokensTaken - tokensGiven,
        });
        return true;
    }

    private LimitFacts? FindRefusal(in TallyEntry moreWorst, in TallyEntry moreExpected, ExtendReason reason, DateTimeOffset now)
    {
        long ticks = now.UtcTicks;
        var draft = default(RefusalDraft);
        foreach (QuotaMeter quota in quotas)
        {
            // A quota that is not asked for anything cannot refuse, however deep in debt it is.
            bool mayRefuse = reason == ExtendReason.Attempt ? quota.IsEnforced : quota.Config.Mode == QuotaMode.Strict || quota.Config.CutOff;
            if (mayRefuse && quota.AskedOf(moreWorst, moreExpected) > 0 && !quota.Fits(moreWorst, moreExpected, ticks))
            {
                draft.Add(quota.FactsOf(account, moreWorst, moreExpected, ticks, ShortWait), isSure: false);
            }
        }

        if (reason == ExtendReason.Attempt && moreExpected.Tokens > 0)
        {
            rates.AddTokenRefusal(ref draft, moreExpected.Tokens, now);
        }

        return draft.ToRefusal()?.Facts;
    }

    private static HoldSizes SizesOf(in HeldEntry held) => new(SizeOf(held.Worst), SizeOf(held.Expected));

    private static HoldSize SizeOf(in TallyEntry entry) => new(entry.Tokens, new(entry.CostNanoUsd));

    private static TallyEntry MoreOf(in TallyEntry held, in HoldSize after) =>
        held with { Requests = 0, Tokens = after.Tokens - held.Tokens, CostNanoUsd = after.Cost.Value - held.CostNanoUsd };

    private static TallyEntry Resized(in TallyEntry held, in HoldSize size) => held with { Tokens = size.Tokens, CostNanoUsd = size.Cost.Value };
}
