namespace Orleans.Runtime;

/// <summary>How many activations one grain class has on one silo.</summary>
[GenerateSerializer, Immutable]
public sealed class SimpleGrainStatistic
{
    /// <summary>Full name of the class, and its assembly: <c>My.CounterGrain,My</c>.</summary>
    [Id(0)]
    public string GrainType { get; init; } = "";

    // ! Set by whoever makes one, as in Orleans.
    [Id(1)]
    public SiloAddress SiloAddress { get; init; } = null!;

    [Id(2)]
    public int ActivationCount { get; init; }

    public override string ToString() => $"SimpleGrainStatistic: GrainType={GrainType} Silo={SiloAddress} NumActivations={ActivationCount} ";
}
