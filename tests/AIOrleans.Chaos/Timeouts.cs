namespace AIOrleans.Chaos;

/// <summary>How long the gateway waits for its providers in a run: short, so that stalls end within it.</summary>
internal static class Timeouts
{
    public static readonly TimeSpan FirstByte = TimeSpan.FromSeconds(3);

    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    /// <summary>How long a provider call outlives its client.</summary>
    public static readonly TimeSpan AbortDrain = TimeSpan.FromSeconds(1);
}
