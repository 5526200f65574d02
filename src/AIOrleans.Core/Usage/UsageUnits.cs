namespace AIOrleans.Core.Usage;

/// <summary>What of a call is counted by the piece and not by tokens.</summary>
public readonly record struct UsageUnits
{
    /// <summary>Images read.</summary>
    public long Images { get; init; }

    /// <summary>Images made.</summary>
    public long ImagesMade { get; init; }

    /// <summary>Length of the audio heard.</summary>
    public long AudioMilliseconds { get; init; }

    /// <summary>Characters spoken.</summary>
    public long Characters { get; init; }

    /// <summary>Searches, as services that rank documents count them.</summary>
    public long SearchUnits { get; init; }

    internal void ThrowIfNegative()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Images);
        ArgumentOutOfRangeException.ThrowIfNegative(ImagesMade);
        ArgumentOutOfRangeException.ThrowIfNegative(AudioMilliseconds);
        ArgumentOutOfRangeException.ThrowIfNegative(Characters);
        ArgumentOutOfRangeException.ThrowIfNegative(SearchUnits);
    }
}
