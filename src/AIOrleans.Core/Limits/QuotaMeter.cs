using AIOrleans.Core.Accounts;

namespace AIOrleans.Core.Limits;

/// <summary>One quota of one account, bound to what it counts. Keeps no usage of its own: a quota can come and go without touching any.</summary>
internal sealed class QuotaMeter
{
    private readonly QuotaConfig config;
    private readonly int column;
    private readonly PeriodWindow window;
    private readonly OpenHolds holds;
    private readonly bool countsWorst;
    private long wouldDenyCount;
    private long wouldDenyStartTicks;

    /// <summary>Start of the period whose crossing was told; null while none is crossed.</summary>
    private long? crossedStartTicks;

    public QuotaMeter(QuotaConfig config, int column, PeriodWindow window, OpenHolds holds)
    {
        this.config = config;
        this.column = column;
        this.window = window;
        this.holds = holds;

        // A shadow quota rehearses a strict one, so it counts alike.
        countsWorst = config.Mode is QuotaMode.Strict or QuotaMode.Shadow;
    }

    public QuotaConfig Config => config;

    public bool IsEnforced => config.Mode is QuotaMode.Strict or QuotaMode.Expected;

    /// <summary>True when it limits calls of the operation in <paramref name="operationColumn"/>.</summary>
    public bool AppliesTo(int operationColumn) => config.Metric != QuotaMetric.Operations || column == operationColumn;

    /// <summary>What is neither settled nor held; negative by debt. The guarantee is <c>settled + held + asked &lt;= amount</c>.</summary>
    public long Room(long ticks) => config.Amount - window.Settled(column, ticks) - Held;

    public bool Fits(in TallyEntry worst, in TallyEntry expected, long ticks) =>
        !AppliesTo(worst.OperationColumn) || AskedOf(worst, expected) <= Room(ticks);

    public long AskedOf(in TallyEntry worst, in TallyEntry expected) => countsWorst ? worst[column] : expected[column];

    /// <summary>What <paramref name="some"/> of the holds have of it.</summary>
    public long HeldBy(OpenHolds some) => (countsWorst ? some.Worst : some.Expected)[column];

    public void CountWouldDeny(long ticks)
    {
        ForgetEarlierPeriod(ticks);
        wouldDenyCount++;
    }

    /// <summary>True once in a period: when more is settled than a <c>warn</c> quota has, and that was not told yet.</summary>
    public bool TryCross(long ticks)
    {
        if (config.Mode != QuotaMode.Warn)
        {
            return false;
        }

        long startTicks = window.BoundsAt(ticks).StartTicks;
        bool isCrossed = window.Settled(column, ticks) > config.Amount;
        bool isNew = isCrossed && crossedStartTicks != startTicks;
        crossedStartTicks = isCrossed ? startTicks : null;
        return isNew;
    }

    /// <summary>Takes over what the meter that this one replaces has counted and told.</summary>
    public void Continue(QuotaMeter replaced)
    {
        crossedStartTicks = replaced.crossedStartTicks;
        wouldDenyCount = replaced.wouldDenyCount;
        wouldDenyStartTicks = replaced.wouldDenyStartTicks;
    }

    /// <summary>Until the period of <paramref name="ticks"/> ends; null for a period that never does.</summary>
    public TimeSpan? UntilEnd(long ticks) => config.Period == QuotaPeriod.Total ? null : new TimeSpan(window.BoundsAt(ticks).EndTicks - ticks);

    /// <summary>Why it refuses: call only when the ask does not fit.</summary>
    /// <param name="shortWait">When to come again if only calls in flight stand in the way.</param>
    public LimitFacts FactsOf(AccountId account, in TallyEntry worst, in TallyEntry expected, long ticks, TimeSpan shortWait)
    {
        long asked = AskedOf(worst, expected);
        long used = window.Settled(column, ticks);
        TimeSpan? untilEnd = UntilEnd(ticks);
        TimeSpan? retryAfter = asked > config.Amount ? null
            : asked <= config.Amount - used ? shortWait
            : untilEnd;
        DateTimeOffset? resetsAt = untilEnd is { } wait ? new DateTimeOffset(ticks + wait.Ticks, TimeSpan.Zero) : null;
        return new LimitFacts(account, LimitKind.Quota, config.Name, config.Metric, used, Held, config.Amount, asked, retryAfter, resetsAt);
    }

    /// <summary>Adds what is left of it to the line that it bounds, if it is enforced and limits the operation.</summary>
    public void AddTo(ref HeadroomGauge gauge, int operationColumn, long ticks)
    {
        if (!IsEnforced || !AppliesTo(operationColumn))
        {
            return;
        }

        TimeSpan resetAfter = UntilEnd(ticks) ?? HeadroomLine.NeverResets;
        long room = Math.Max(Room(ticks), 0);
        switch (config.Metric)
        {
            case QuotaMetric.Cost:
                gauge.AddRoom(room, resetAfter);
                break;
            case QuotaMetric.Tokens:
                gauge.AddTokens(new HeadroomLine(config.Amount, room, resetAfter));
                break;
            default:
                gauge.AddRequests(new HeadroomLine(config.Amount, room, resetAfter));
                break;
        }
    }

    public QuotaLive ViewAt(long ticks)
    {
        ForgetEarlierPeriod(ticks);
        (long startTicks, long endTicks) = window.BoundsAt(ticks);
        return new QuotaLive(
            config.Name,
            config.Metric,
            config.Period,
            config.Mode,
            config.Operation,
            window.TotalsAt(ticks)[column],
            Held,
            config.Amount,
            Math.Max(Room(ticks), 0),
            new DateTimeOffset(startTicks, TimeSpan.Zero),
            config.Period == QuotaPeriod.Total ? null : new DateTimeOffset(endTicks, TimeSpan.Zero),
            wouldDenyCount);
    }

    private long Held => HeldBy(holds);

    private void ForgetEarlierPeriod(long ticks)
    {
        long startTicks = window.BoundsAt(ticks).StartTicks;
        if (startTicks > wouldDenyStartTicks)
        {
            wouldDenyStartTicks = startTicks;
            wouldDenyCount = 0;
        }
    }
}
