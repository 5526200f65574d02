namespace AIOrleans.Core.Silos;

/// <summary>What one run of one process tells the others of itself.</summary>
public sealed record SiloRecord
{
    /// <summary>Names the run: 32 hex characters, another one after each restart.</summary>
    public required string InstanceId { get; init; }

    /// <summary>What live views and holds call it.</summary>
    public required string Name { get; init; }

    /// <summary>Where other silos reach it.</summary>
    public required string Address { get; init; }

    /// <summary>Where clients reach it; empty until it listens.</summary>
    public required string HttpAddress { get; init; }

    /// <summary>The product's version.</summary>
    public required string Version { get; init; }

    /// <summary>What it does in the cluster: <c>all</c>, <c>front</c> or <c>back</c>.</summary>
    public required string Role { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How busy it is: a JSON object.</summary>
    public required string Load { get; init; }

    /// <summary>What it serves by.</summary>
    public StoreVersion Known { get; init; }

    /// <summary>Without hearing from the store for so long, it refuses calls.</summary>
    public TimeSpan StaleAfter { get; init; }
}

/// <summary>A process as the store knows it.</summary>
/// <param name="SeenAt">When it was last heard of, by the store's clock.</param>
/// <param name="SilentFor">How long ago that is, by the same clock.</param>
public sealed record SeenSilo(SiloRecord Silo, DateTimeOffset SeenAt, TimeSpan SilentFor)
{
    /// <summary>Clocks run at speeds that differ by far less than this in <see cref="SiloRecord.StaleAfter"/>.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    /// <summary>False once it has been silent for so long that it is dead or refuses calls by itself.</summary>
    public bool MayServe => SilentFor <= Silo.StaleAfter + Margin;
}
