namespace AIOrleans.Core.Adaptive;

/// <summary>One look at the load and what it made of the multiplier.</summary>
/// <param name="Mean">Over the samples since the step before.</param>
/// <param name="FactorPerMille">The largest ratio of <paramref name="Mean"/> to its target.</param>
/// <param name="Cause">What has that ratio.</param>
/// <param name="FromPerMille">The multiplier before.</param>
/// <param name="ToPerMille">The multiplier from now on.</param>
public sealed record AdaptiveStep(DateTimeOffset At, LoadReading Mean, int FactorPerMille, LoadMeasure Cause, int FromPerMille, int ToPerMille)
{
    public bool IsChange => FromPerMille != ToPerMille;
}

/// <summary>Slows the rates of a busy silo and speeds up those of an idle one: a tenth of the multiplier at a time, within bounds.</summary>
/// <remarks>
/// Between the two thresholds nothing changes, so that a silo at its target is left alone and does not swing. Means and not single samples decide: a collection of
/// garbage is not a load. Begins at 1.0, after a restart too. Not thread-safe.
/// </remarks>
public sealed class AdaptiveControl(LoadReading targets)
{
    /// <summary>Above this load factor the multiplier falls.</summary>
    public const int HighPerMille = 1200;

    /// <summary>Below this load factor the multiplier rises.</summary>
    public const int LowPerMille = 800;

    public const int FloorPerMille = 500;

    public const int CeilingPerMille = 1500;

    /// <summary>Rates as configured.</summary>
    public const int UnscaledPerMille = 1000;

    private const int StepPerMille = 100;

    private LoadReading sum;
    private int samples;

    public int MultiplierPerMille { get; private set; } = UnscaledPerMille;

    /// <summary>The multiplier after one step at a load factor.</summary>
    public static int Next(int multiplierPerMille, int factorPerMille)
    {
        int step = multiplierPerMille * StepPerMille / 1000;
        int next = factorPerMille > HighPerMille ? multiplierPerMille - step
            : factorPerMille < LowPerMille ? multiplierPerMille + step
            : multiplierPerMille;
        return Math.Clamp(next, FloorPerMille, CeilingPerMille);
    }

    /// <summary>Counts one sample.</summary>
    public void Observe(in LoadReading sample)
    {
        sum = new LoadReading(
            sum.CpuPerMille + sample.CpuPerMille, sum.MemoryPerMille + sample.MemoryPerMille, sum.LedgerQueue + sample.LedgerQueue, sum.LiveCalls + sample.LiveCalls);
        samples++;
    }

    /// <summary>Decides by the samples since the last step; null without any, and then nothing changes.</summary>
    public AdaptiveStep? Step(DateTimeOffset now)
    {
        if (samples == 0)
        {
            return null;
        }

        var mean = new LoadReading(sum.CpuPerMille / samples, sum.MemoryPerMille / samples, sum.LedgerQueue / samples, sum.LiveCalls / samples);
        (sum, samples) = (default, 0);
        (int factorPerMille, LoadMeasure cause) = mean.Against(targets);
        int before = MultiplierPerMille;
        MultiplierPerMille = Next(before, factorPerMille);
        return new AdaptiveStep(now, mean, factorPerMille, cause, before, MultiplierPerMille);
    }
}
