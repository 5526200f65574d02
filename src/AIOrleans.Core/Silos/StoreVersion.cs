namespace AIOrleans.Core.Silos;

/// <summary>How far the configuration in a store has come, or how far a process has followed it.</summary>
/// <param name="Directory">The newest revision of the directory.</param>
/// <param name="Prices">The newest line of the price history.</param>
public readonly record struct StoreVersion(long Directory, long Prices)
{
    /// <summary>True when everything in <paramref name="other"/> is in this too.</summary>
    public bool Covers(StoreVersion other) => Directory >= other.Directory && Prices >= other.Prices;
}
