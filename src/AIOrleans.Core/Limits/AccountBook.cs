using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Objects;

namespace AIOrleans.Core.Limits;

/// <summary>Everything that one account decides on alone: quotas, rates, slots and the holds in flight.</summary>
/// <remarks>
/// For every strict quota <c>settled + held &lt;= amount</c> holds after each call, as long as settlements stay within their holds;
/// what exceeds a hold is counted all the same and the next ask sees it. Instants may come from several clocks: see
/// <see cref="PeriodWindow"/>. A hold must not be settled at an instant before the one it was asked at.
/// Not thread-safe; the grain that owns it is its lock.
/// </remarks>
public sealed partial class AccountBook
{
    /// <summary>When to come again where only calls in flight stand in the way: nobody knows when they end, and few take longer than seconds.</summary>
    public static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    private readonly AccountId account;
    private readonly TallyColumns columns = new();
    private readonly OpenHolds holds = new();
    private readonly PeriodWindows windows;
    private readonly RateLimiter rates;
    private QuotaMeter[] quotas = [];
    private AccountConfig config;
    private long levelsSequence;

    /// <summary>A call has used more than it held since the levels were last given out to be saved.</summary>
    private bool isOverrun;

    /// <summary>Continues from what the ledger knows.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone of <paramref name="config"/> is unknown on this machine.</exception>
    public AccountBook(AccountConfig config, AccountSnapshot snapshot, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(snapshot);
        this.config = config;
        account = snapshot.Account;
        Epoch = snapshot.Epoch;
        windows = new PeriodWindows(TimeZones.Find(config.TimeZone), now.UtcTicks);
        rates = new RateLimiter(account, config.Limits, snapshot.Buckets, now);
        foreach (WindowTotals stored in snapshot.Windows)
        {
            windows.Load(stored, TallyEntry.Of(columns.Of(stored.Operation), stored.Requests, new HoldSize(stored.Tokens, stored.Cost)));
        }

        foreach (OpenHold hold in snapshot.Holds)
        {
            Load(hold, snapshot.Buckets);
        }

        quotas = MetersOf(config.Limits);

        // What was crossed before is no news.
        TakeCrossed(now);
    }

    /// <summary>The activation that this book belongs to: what its grants carry.</summary>
    public long Epoch { get; }

    /// <summary>Follows new limits or another time zone. Changes no counter: usage, holds and bucket levels stay what they are.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is unknown on this machine; nothing was changed.</exception>
    public void Configure(AccountConfig newConfig, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(newConfig);
        TimeZoneInfo zone = TimeZones.Find(newConfig.TimeZone);
        windows.Reach(now.UtcTicks);
        windows.Rezone(zone, now.UtcTicks);
        rates.Configure(newConfig.Limits, now);
        QuotaMeter[] replaced = quotas;
        quotas = MetersOf(newConfig.Limits);
        config = newConfig;
        Continue(replaced);
    }

    /// <summary>Takes over what <paramref name="old"/>, which this book replaces, has counted for show and told of crossings.</summary>
    public void Resume(AccountBook old)
    {
        ArgumentNullException.ThrowIfNull(old);
        Continue(old.quotas);
    }

    /// <summary>The <c>warn</c> quotas that were crossed since the last time it was asked, each once in its period.</summary>
    public IReadOnlyList<QuotaLive> TakeCrossed(DateTimeOffset now)
    {
        List<QuotaLive>? crossed = null;
        foreach (QuotaMeter quota in quotas)
        {
            if (quota.TryCross(now.UtcTicks))
            {
                (crossed ??= []).Add(quota.ViewAt(now.UtcTicks));
            }
        }

        return crossed ?? [];
    }

    /// <summary>Scales the refill of the rates from now on, if the account is adaptive. Never touches quotas.</summary>
    /// <param name="rateMultiplierPerMille">1000 is as configured.</param>
    public void Adapt(int rateMultiplierPerMille, DateTimeOffset now) => rates.Adapt(rateMultiplierPerMille, now);

    /// <summary>Holds <paramref name="ask"/> on every limit, or on none. Asked again with the same id, it is granted again and counted once.</summary>
    public HoldDecision TryHold(in HoldAsk ask, DateTimeOffset now)
    {
        ask.ThrowIfAbsurd();
        long ticks = now.UtcTicks;
        windows.Reach(ticks);
        int operation = columns.Of(ask.Operation);
        if (holds.Contains(ask.Id))
        {
            holds.TryRenew(ask.Id, ask.LeaseUntil.UtcTicks);
            return Granted(operation, now);
        }

        TallyEntry worst = TallyEntry.Of(operation, 1, ask.Worst);
        TallyEntry expected = TallyEntry.Of(operation, 1, ask.Expected);
        long ratedTokens = RatedTokens(ask.Operation, ask.Expected.Tokens);
        if (FindRefusal(worst, expected, ratedTokens, now) is { } refusal)
        {
            return new HoldDecision.Denied(refusal.Facts);
        }

        foreach (QuotaMeter quota in quotas)
        {
            if (!quota.IsEnforced && !quota.Fits(worst, expected, ticks))
            {
                quota.CountWouldDeny(ticks);
            }
        }

        (int requestsTaken, long tokensTaken) = rates.Take(ratedTokens, now);
        holds.Add(ask.Id, new HeldEntry(worst, expected, tokensTaken, requestsTaken, ask.LeaseUntil.UtcTicks));
        return Granted(operation, now);
    }

    /// <summary>Makes a hold never to have been: request and tokens go back to the buckets too.</summary>
    /// <returns>False when there is no such hold.</returns>
    public bool TryUndo(HoldId id, DateTimeOffset now)
    {
        if (!holds.TryRemove(id, out HeldEntry entry))
        {
            return false;
        }

        rates.GiveBack(entry.RequestsTaken, entry.TokensTaken, now);
        return true;
    }

    /// <summary>Replaces a hold by what was used, which the ledger has already recorded; more than was held is debt, never refused.</summary>
    /// <param name="settledAt">Decides the periods that are charged; the same instant as in the ledger.</param>
    /// <returns>False when the hold is unknown, and nothing was changed: load the account anew, the ledger knows.</returns>
    public bool TrySettle(HoldId id, in SettledUsage used, DateTimeOffset settledAt, DateTimeOffset now)
    {
        used.ThrowIfNegative();
        windows.Reach(now.UtcTicks);
        if (!holds.TryRemove(id, out HeldEntry entry))
        {
            return false;
        }

        Count(used, entry.TokensTaken, settledAt, now);
        return true;
    }

    /// <summary>Counts what was used without a hold here: the account did not know of the call, and must not forget it. Debt, never refused.</summary>
    public void Charge(in SettledUsage used, DateTimeOffset settledAt, DateTimeOffset now)
    {
        used.ThrowIfNegative();
        windows.Reach(now.UtcTicks);
        Count(used, tokensTaken: 0, settledAt, now);
    }

    /// <summary>Prolongs the lease of a hold; false when there is none.</summary>
    public bool TryRenew(HoldId id, DateTimeOffset leaseUntil) => holds.TryRenew(id, leaseUntil.UtcTicks);

    /// <summary>True when some hold outlived its lease: its account's keeper should settle it.</summary>
    public bool HasExpired(DateTimeOffset now) => holds.HasExpired(now.UtcTicks);

    /// <summary>What the next single caller could get.</summary>
    /// <param name="operation">Counts the quotas of this operation too; null: only those that limit every call.</param>
    public Headroom HeadroomAt(DateTimeOffset now, string? operation = null)
    {
        windows.Reach(now.UtcTicks);
        return MeasureHeadroom(operation is null ? -1 : columns.Of(operation), now);
    }

    /// <summary>The buckets as they are now, to be saved with the next batch; null without buckets.</summary>
    public BucketLevels? Levels(DateTimeOffset now)
    {
        isOverrun = false;
        return rates.HasBuckets ? rates.Levels(Epoch, ++levelsSequence, now) : null;
    }

    /// <summary>Likewise if calls have used more than they held since the last time: a load would forget it. Otherwise null.</summary>
    public BucketLevels? OverrunLevels(DateTimeOffset now) => isOverrun ? Levels(now) : null;

    /// <summary>Everything, for show.</summary>
    public AccountLive ViewAt(DateTimeOffset now)
    {
        long ticks = now.UtcTicks;
        windows.Reach(ticks);
        long earliest = holds.EarliestLeaseTicks();
        return new AccountLive(
            account,
            Epoch,
            now,
            config.TimeZone,
            rates.ViewAt(now),
            Array.ConvertAll(quotas, quota => quota.ViewAt(ticks)),
            new SlotsLive(holds.Slots, config.Limits.Concurrent),
            new HoldsLive(
                holds.Count - slices.Count, Less(holds.Worst.Size, slices.Worst.Size), Less(holds.Expected.Size, slices.Expected.Size),
                holds.Count == slices.Count ? null : new DateTimeOffset(earliest, TimeSpan.Zero)),
            windows.ViewAt(ticks));
    }

    private void Count(in SettledUsage used, long tokensTaken, DateTimeOffset settledAt, DateTimeOffset now)
    {
        windows.Add(settledAt.UtcTicks, TallyEntry.Of(columns.Of(used.Operation), used.Requests, used.Used));
        isOverrun |= rates.Settle(tokensTaken, RatedTokens(used.Operation, used.Used.Tokens), now);
    }

    // Levels are saved with the holds that lowered them: where there are levels, the hold has taken its share.
    private void Load(in OpenHold hold, BucketLevels? saved) =>
        HoldAs(hold, saved?.TokensMicro is null ? 0 : RatedTokens(hold.Operation, hold.Expected.Tokens), saved?.RequestsMicro is null ? 0 : 1);

    /// <summary>Tokens that count for rates: not those of batches, whose pace is the provider's.</summary>
    private static long RatedTokens(string operation, long tokens) => operation == BatchWork.Operation ? 0 : tokens;

    private void Continue(QuotaMeter[] replaced)
    {
        foreach (QuotaMeter meter in quotas)
        {
            if (Array.Find(replaced, old => old.Config.Name == meter.Config.Name && old.Config.Mode == meter.Config.Mode) is { } same)
            {
                meter.Continue(same);
            }
        }
    }

    private QuotaMeter[] MetersOf(LimitsConfig limits) =>
        [.. limits.Quotas.Select(quota => new QuotaMeter(quota, columns.Of(quota), windows[quota.Period], holds))];

    private HoldDecision.Granted Granted(int operationColumn, DateTimeOffset now) => new(MeasureHeadroom(operationColumn, now), Levels(now));

    private Headroom MeasureHeadroom(int operationColumn, DateTimeOffset now)
    {
        var gauge = default(HeadroomGauge);
        gauge.AddRequests(rates.RequestsLine(now));
        gauge.AddTokens(rates.TokensLine(now));
        if (config.Limits.Concurrent is { } max)
        {
            gauge.AddRoom(max - holds.Slots, ShortWait);
        }

        foreach (QuotaMeter quota in quotas)
        {
            quota.AddTo(ref gauge, operationColumn, now.UtcTicks);
        }

        return gauge.ToHeadroom();
    }
}
