namespace AIOrleans.Core.Limits;

/// <summary>Lets a burst of its capacity through, then refills at a steady rate. Goes below zero by debt.</summary>
/// <remarks>
/// Levels are integers in micro-tokens. Refilling is lazy and drifts by nothing: what does not make a whole micro-token is carried.
/// An instant earlier than the last one refills nothing. Not thread-safe; the account that owns it is its lock.
/// </remarks>
public sealed class TokenBucket
{
    /// <summary>Micro-tokens in one token.</summary>
    public const long MicroPerToken = 1_000_000;

    /// <summary>The multiplier that leaves the rate as configured.</summary>
    public const int UnscaledPerMille = 1000;

    // rate [token/min] * 1e6 [micro/token] / 6e8 [tick/min] = rate / 600 [micro/tick]; per mille: another 1000.
    private const long PartsPerMicro = 600L * UnscaledPerMille;

    // Ends a debt that no sane call makes before the arithmetic would: about nine days of the highest rate.
    private const long DebtMicroMax = long.MaxValue / 2;

    // A clock that was set back further than this is believed, or nothing would refill until it has caught up.
    private const long SetBackTicksMax = TimeSpan.TicksPerMinute;

    private long capacityMicro;

    // Parts of a micro-token refilled per tick: rate times multiplier.
    private long partsPerTick;

    // Invariant: -DebtMicroMax <= levelMicro <= capacityMicro; 0 <= remainderParts < PartsPerMicro, and 0 when full.
    private long levelMicro;
    private long remainderParts;
    private long atTicks;

    private TokenBucket(long capacity, long tokensPerMinute, long levelMicro, int rateMultiplierPerMille, DateTimeOffset at)
    {
        atTicks = at.UtcTicks;
        this.levelMicro = Math.Max(levelMicro, -DebtMicroMax);
        Resize(capacity, tokensPerMinute, rateMultiplierPerMille);
    }

    /// <summary>Most tokens that can be taken at once.</summary>
    public long Capacity => capacityMicro / MicroPerToken;

    /// <summary>Refill per minute before the multiplier.</summary>
    public long TokensPerMinute { get; private set; }

    /// <summary>Scales the refill only; 1000 is as configured.</summary>
    public int RateMultiplierPerMille { get; private set; }

    /// <summary>The instant at which its level was true last: the newest one that it was asked at.</summary>
    public DateTimeOffset At => new(atTicks, TimeSpan.Zero);

    /// <summary>A bucket that was never used.</summary>
    public static TokenBucket Full(long capacity, long tokensPerMinute, DateTimeOffset now, int rateMultiplierPerMille = UnscaledPerMille) =>
        new(capacity, tokensPerMinute, long.MaxValue, rateMultiplierPerMille, now);

    /// <summary>A bucket whose level was saved; it refills for the time since then, never above capacity.</summary>
    public static TokenBucket Saved(
        long capacity, long tokensPerMinute, long levelMicro, DateTimeOffset at, int rateMultiplierPerMille = UnscaledPerMille) =>
        new(capacity, tokensPerMinute, levelMicro, rateMultiplierPerMille, at);

    /// <summary>Micro-tokens in it at <paramref name="now"/>; negative by debt.</summary>
    public long LevelMicro(DateTimeOffset now)
    {
        Refill(now.UtcTicks);
        return levelMicro;
    }

    /// <summary>Whole tokens that the next caller can take; at least 0.</summary>
    public long Available(DateTimeOffset now) => Math.Max(LevelMicro(now), 0) / MicroPerToken;

    /// <summary>True when <paramref name="tokens"/> could be taken now.</summary>
    public bool Fits(long tokens, DateTimeOffset now) => tokens <= Capacity && tokens * MicroPerToken <= LevelMicro(now);

    /// <summary>Takes <paramref name="tokens"/>, or nothing and says false.</summary>
    public bool TryTake(long tokens, DateTimeOffset now)
    {
        if (!Fits(tokens, now))
        {
            return false;
        }

        levelMicro -= tokens * MicroPerToken;
        return true;
    }

    /// <summary>Corrects what was taken once the truth is known: positive charges (into debt if need be), negative gives back (never above capacity).</summary>
    public void Correct(long tokens, DateTimeOffset now)
    {
        Refill(now.UtcTicks);
        Int128 level = levelMicro - ((Int128)tokens * MicroPerToken);
        levelMicro = (long)Int128.Clamp(level, -DebtMicroMax, capacityMicro);
        SpillIfFull();
    }

    /// <summary>How long until <paramref name="tokens"/> fit if nobody else takes any: zero when they do, null when they never will.</summary>
    public TimeSpan? TimeUntil(long tokens, DateTimeOffset now) => tokens > Capacity ? null : RefillTime(tokens, now);

    /// <summary>How long until so many could have been taken, in parts that each fit: zero when they could now, null when they never will.</summary>
    public TimeSpan? RefillTime(long tokens, DateTimeOffset now)
    {
        Int128 missingMicro = ((Int128)tokens * MicroPerToken) - LevelMicro(now);
        if (missingMicro <= 0)
        {
            return TimeSpan.Zero;
        }

        if (partsPerTick == 0)
        {
            return null;
        }

        Int128 ticks = ((missingMicro * PartsPerMicro) - remainderParts + partsPerTick - 1) / partsPerTick;
        return ticks > TimeSpan.MaxValue.Ticks ? null : new TimeSpan((long)ticks);
    }

    /// <summary>Changes size and speed from <paramref name="now"/> on. The level stays, cut at the new capacity: no change hands out a fresh burst.</summary>
    public void Configure(long capacity, long tokensPerMinute, int rateMultiplierPerMille, DateTimeOffset now)
    {
        Refill(now.UtcTicks);
        Resize(capacity, tokensPerMinute, rateMultiplierPerMille);
    }

    private void Resize(long capacity, long tokensPerMinute, int rateMultiplierPerMille)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, LimitsConfig.RateMax);
        ArgumentOutOfRangeException.ThrowIfNegative(tokensPerMinute);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokensPerMinute, LimitsConfig.RateMax);
        ArgumentOutOfRangeException.ThrowIfNegative(rateMultiplierPerMille);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rateMultiplierPerMille, 1_000_000);
        TokensPerMinute = tokensPerMinute;
        RateMultiplierPerMille = rateMultiplierPerMille;
        capacityMicro = capacity * MicroPerToken;
        partsPerTick = tokensPerMinute * rateMultiplierPerMille;
        levelMicro = Math.Min(levelMicro, capacityMicro);
        SpillIfFull();
    }

    private void SpillIfFull() => remainderParts = levelMicro == capacityMicro ? 0 : remainderParts;

    private void Refill(long nowTicks)
    {
        long elapsedTicks = nowTicks - atTicks;
        if (elapsedTicks <= 0)
        {
            atTicks = elapsedTicks < -SetBackTicksMax ? nowTicks : atTicks;
            return;
        }

        atTicks = nowTicks;
        long missingMicro = capacityMicro - levelMicro;
        if (missingMicro == 0)
        {
            return;
        }

        // Wide arithmetic only after a pause: the product of a short one fits a long.
        bool isShort = partsPerTick == 0 || elapsedTicks < (long.MaxValue - PartsPerMicro) / partsPerTick;
        Int128 gainedMicro;
        if (isShort)
        {
            long parts = (elapsedTicks * partsPerTick) + remainderParts;
            gainedMicro = parts / PartsPerMicro;
            remainderParts = parts % PartsPerMicro;
        }
        else
        {
            Int128 parts = ((Int128)elapsedTicks * partsPerTick) + remainderParts;
            gainedMicro = parts / PartsPerMicro;
            remainderParts = (long)(parts % PartsPerMicro);
        }

        levelMicro = gainedMicro >= missingMicro ? capacityMicro : levelMicro + (long)gainedMicro;
        SpillIfFull();
    }
}
