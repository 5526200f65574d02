using AIOrleans.Core.Adaptive;

namespace AIOrleans.Grains.Adaptive;

/// <summary>What load makes of the adaptive rates of the accounts on this silo. Thread-safe: one writes, everybody reads.</summary>
internal sealed class RateMultiplier
{
    private volatile int perMille = AdaptiveControl.UnscaledPerMille;

    /// <summary>1000 is as configured.</summary>
    public int PerMille
    {
        get => perMille;
        set => perMille = value;
    }
}
