namespace AIOrleans.Core.Silos;

/// <summary>Whether this process is still one of its cluster, as far as it knows. One that may have been given up should get no calls: each would take accounts from the living.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SiloStanding
{
    private volatile string? doubt;

    /// <summary>Why it may not be, in words that fit into a line; null: it is.</summary>
    public string? Doubt
    {
        get => doubt;
        set => doubt = value;
    }
}
