using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <content>Holds that live longer, and holds that grow: all or nothing along their path, whatever happens in between.</content>
internal sealed partial class Interleaver
{
    public int Extended { get; private set; }

    public int NotExtended { get; private set; }

    private void Extend(DateTimeOffset now)
    {
        if (open.Count == 0)
        {
            return;
        }

        OpenCall call = dice.Any([.. open.Values]);
        HoldAsk grown = dice.Grown(call.Ask);
        ExtendReason reason = dice.Any(Enum.GetValues<ExtendReason>());
        var before = call.Path.Select(account => account.ViewAt(now)).ToArray();
        var levels = new List<BucketLevels?>();
        foreach (Trio account in call.Path)
        {
            bool fits = account.Model.FitsMore(grown, reason, now);
            bool wasWithin = IsWithin(account, now);
            ExtendDecision decision = account.Book.TryExtend(grown.Id, SizesOf(grown), reason, now);
            Assert.Equal(fits, decision is ExtendDecision.Extended);
            if (decision is not ExtendDecision.Extended extended)
            {
                NotExtended++;
                Shrink(call, grown, call.Path.Take(levels.Count), now);
                Assert.All(call.Path.Zip(before), pair => MustEqual(pair.Second, pair.First.ViewAt(now)));
                return;
            }

            Assert.Equal(SizesOf(call.Ask), extended.Before);
            account.Model.Resize(grown);
            Assert.Equal(wasWithin, IsWithin(account, now));
            levels.Add(extended.Buckets);
        }

        if (dice.Next(10) == 0)
        {
            // An account moves to another silo before the extension is durable: the ledger fences it off, and it never took place.
            Trio moved = dice.Any(call.Path);
            moved.Model.Resize(call.Ask);
            moved.Reload(now);
            Assert.False(grown != call.Ask && moved.Book.TryShrink(grown.Id, SizesOf(grown), SizesOf(call.Ask), now));
            Shrink(call, grown, call.Path.Where(account => account != moved), now);
            Array.ForEach(call.Path, account => account.MustAgree(now));
            return;
        }

        Extended++;
        open[grown.Id] = call with { Ask = grown };
        for (int i = 0; i < call.Path.Length; i++)
        {
            call.Path[i].Ledger.Extend(grown, levels[i]);
        }

        Assert.IsType<ExtendDecision.Extended>(dice.Any(call.Path).Book.TryExtend(grown.Id, SizesOf(grown), ExtendReason.Attempt, now));
        Array.ForEach(call.Path, account => account.MustAgree(now));
    }

    private void Renew()
    {
        if (open.Count > 0)
        {
            OpenCall call = dice.Any([.. open.Values]);
            DateTimeOffset until = clock + Lease > call.LeaseUntil ? clock + Lease : call.LeaseUntil;
            open[call.Ask.Id] = call with { LeaseUntil = until };
            foreach (Trio account in call.Path)
            {
                account.Ledger.Renew(call.Ask.Id, until);
                Assert.True(account.Book.TryRenew(call.Ask.Id, until));
            }
        }
    }

    private static void Shrink(OpenCall call, HoldAsk grown, IEnumerable<Trio> accounts, DateTimeOffset now)
    {
        foreach (Trio account in accounts)
        {
            Assert.True(account.Book.TryShrink(grown.Id, SizesOf(grown), SizesOf(call.Ask), now));
            account.Model.Resize(call.Ask);
        }
    }

    private static HoldSizes SizesOf(in HoldAsk ask) => new(ask.Worst, ask.Expected);

    // Guarantee 1: what was within its strict quotas stays within them. (A quota that was lowered, or overrun, may be above already.)
    private static bool IsWithin(Trio account, DateTimeOffset now) => account.Model.Config.Limits.Quotas
        .Where(quota => quota.Mode == QuotaMode.Strict)
        .All(quota => account.Model.Settled(quota, now) + account.Model.Held(quota) <= quota.Amount);
}
