using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>One account, the ledger it is loaded from, and silos that admit from slices of it, return them late, twice or never. The seed decides everything.</summary>
internal sealed partial class SliceCrowd
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly Dice dice;
    private readonly LimitsConfig limits;

    /// <summary>Nothing is lost and nothing moves: then buckets are exact too.</summary>
    private readonly bool isCalm;
    private readonly ModelLedger ledger = new(Books.Key, TimeZoneInfo.Utc);
    private readonly List<SliceModel> slices = [];
    private readonly List<SliceModel> returned = [];

    // Calls that the account holds by id, as far as their silos know.
    private readonly Dictionary<HoldId, HoldAsk> known = [];
    private AccountBook book;
    private DateTimeOffset now = Books.Noon;
    private long requestsServed;
    private long tokensUsed;

    public SliceCrowd(int seed)
    {
        dice = new Dice(seed);
        isCalm = seed % 5 == 0;
        limits = new LimitsConfig
        {
            // No refill: what is in a bucket at the end tells what was taken from it.
            RequestsPerMinute = 0, RequestBurst = 100_000, TokensPerMinute = 0, TokenBurst = 10_000_000,
            Concurrent = dice.Next(20, 200),
            Quotas =
            [
                Books.Cost(dice.Next(8_000, 60_000)), Books.Tokens(dice.Next(8_000, 60_000), QuotaPeriod.Total, QuotaMode.Expected),
                Books.Requests(dice.Next(250, 1_500)), Books.Operations("chat", dice.Next(250, 1_500)),
            ],
        };
        book = Books.Open(limits, ledger.Load());
    }

    public int Admitted { get; private set; }

    public int Fenced { get; private set; }

    public int Refused { get; private set; }

    public int Reloads { get; private set; }

    public void Step()
    {
        now += TimeSpan.FromMilliseconds(dice.Next(20));
        switch (dice.Next(24))
        {
            case < 6: Ask(); break;
            case < 14: Admit(); break;
            case < 18: Settle(); break;
            case 18: Undo(); break;
            case < 21: ReturnAny(); break;
            case 21: ReturnAgain(); break;
            case 22 when !isCalm && dice.Next(8) == 0: Reload(); break;
            default: Lose(); break;
        }
    }

    /// <summary>Guarantee 1, for what the book has and for what the ledger has, and the bound on what may be stranded.</summary>
    public void MustBeWithin()
    {
        foreach (QuotaLive quota in book.ViewAt(now).Quotas)
        {
            Assert.True(quota.Mode == QuotaMode.Expected || quota.Used + quota.Held <= quota.Amount, $"{quota}");
        }

        SliceTotals totals = book.SliceTotals;
        Assert.True(totals.Size.Cost.Value <= book.QuotaAt("cost/day", now).Amount / 100);
        Assert.True(totals.Requests <= book.QuotaAt("requests/day", now).Amount / 100);
        AccountLive truth = new AccountBook(Books.Config(limits), ledger.Peek(), now).ViewAt(now);
        Assert.All(truth.Quotas, quota => Assert.True(quota.Mode == QuotaMode.Expected || quota.Used + quota.Held <= quota.Amount, $"in the ledger: {quota}"));
        Assert.True(truth.Slots.Used <= limits.Concurrent);
    }

    /// <summary>Traffic stops: all slices come back, all calls end, and the counters are the sum of the ledger.</summary>
    public void End()
    {
        foreach (SliceModel slice in slices.ToArray())
        {
            Return(slice);
        }

        foreach (HoldAsk ask in known.Values.ToArray())
        {
            SettleKnown(ask);
        }

        // Whatever a lost slice had admitted is settled by a keeper; its entry is overdue, and the account loads itself.
        if (book.HasSlices)
        {
            now += Lease + TimeSpan.FromSeconds(1);
            Assert.True(book.HasExpired(now));
            Reload();
        }

        AccountLive live = book.ViewAt(now);
        Assert.Equal((0, 0, default(HoldSize)), (live.Holds.Count, live.Slots.Used, live.Holds.Worst));
        Assert.False(book.HasSlices);
        AccountLive truth = new AccountBook(Books.Config(limits), ledger.Peek(), now).ViewAt(now);
        Assert.Equal(truth.Periods, live.Periods);
        (long requests, long tokens) = (100_000 - requestsServed, 10_000_000 - tokensUsed);
        Assert.InRange(live.Buckets[0].LevelMicro, Reloads == 0 ? requests * 1_000_000 : 0, requests * 1_000_000);
        Assert.InRange(live.Buckets[1].LevelMicro, Reloads == 0 ? tokens * 1_000_000 : 0, tokens * 1_000_000);
    }

    private void Ask()
    {
        HoldAsk ask = Small();
        bool mayFit = book.CouldFitWithoutSlices(ask, now);
        HoldDecision decision = book.TryHold(ask, now);
        if (decision is HoldDecision.Denied && mayFit)
        {
            // Recalled: with everything back nobody is refused whom they kept out.
            slices.Where(slice => slice.Epoch == book.Epoch).ToList().ForEach(Return);
            if (book.HasSlices)
            {
                Reload();
            }

            decision = book.TryHold(ask, now);
        }

        if (decision is not HoldDecision.Granted granted)
        {
            Refused++;
            Assert.False(book.HasSlices && book.CouldFitWithoutSlices(ask, now));
            return;
        }

        ledger.Hold(ask, granted.Buckets);
        known.Add(ask.Id, ask);
        int requests = dice.Next(1, 40);
        var wish = new SliceWish(requests, new HoldSizes(Times(ask.Worst, requests), Times(ask.Expected, requests)));
        if (book.TryGrantSlice(Books.NextId(), ask.Operation, wish, now + Lease, now) is { } slice)
        {
            Assert.InRange(slice.Requests, 2, requests);
            slices.Add(new SliceModel(slice, book.Epoch, book.Levels(now)));
        }
    }

    private void Admit()
    {
        HoldAsk ask = Small();
        if (slices.Find(slice => slice.TryAdmit(ask)) is not { } from)
        {
            return;
        }

        if (from.Epoch != ledger.Epoch)
        {
            Fenced++;
            from.Undo(ask.Id);
            return;
        }

        Admitted++;
        ledger.Hold(ask, from.Levels);
    }

    private void Settle()
    {
        SliceModel[] busy = [.. slices.Where(slice => slice.Open.Count > 0)];
        if (busy.Length > 0 && dice.Next(3) > 0)
        {
            SliceModel slice = dice.Any(busy);
            HoldAsk ask = dice.Any([.. slice.Open.Values]);
            slice.Note(new SettledCall(ask.Id, Charge(ask), now));
        }
        else if (known.Count > 0)
        {
            SettleKnown(dice.Any([.. known.Values]));
        }
    }

    private void SettleKnown(HoldAsk ask)
    {
        SettledUsage used = Charge(ask);
        known.Remove(ask.Id);
        book.TrySettle(ask.Id, used, now, now);
    }

    /// <summary>The ledger comes first.</summary>
    private SettledUsage Charge(HoldAsk ask)
    {
        var used = new SettledUsage(
            ask.Operation, 1, Books.Size(dice.Next((int)ask.Expected.Tokens + 1), dice.Next((int)ask.Worst.Cost.Value + 1)));
        ledger.Settle(ask.Id, used, now, null);
        requestsServed++;
        tokensUsed += used.Used.Tokens;
        return used;
    }

    private HoldAsk Small()
    {
        long tokens = dice.Next(1, 60);
        long cost = dice.Next(60);
        return Books.Ask(
            tokens, cost, expectedTokens: dice.Next(1, (int)tokens + 1), expectedCost: cost / 2, operation: dice.Next(4) == 0 ? "embeddings" : "chat",
            leaseUntil: now + Lease);
    }

    private static HoldSize Times(HoldSize size, int count) => Books.Size(size.Tokens * count, size.Cost.Value * count);
}
