using AIOrleans.Benchmarks.Load;

namespace AIOrleans.Benchmarks.Targets;

/// <summary>Something that calls are sent to.</summary>
/// <param name="Name">As figures name it.</param>
/// <param name="Headers">Lines that its requests need.</param>
/// <param name="Ledger">What must know every call; null where there is none.</param>
internal sealed record Target(string Name, Uri Url, ChildProcess Process, IReadOnlyList<string> Headers, LedgerCheck? Ledger = null)
{
    public string Path { get; init; } = "/v1/chat/completions";

    /// <summary>Further processes on the same machine that calls take turns with: the other silos of a cluster.</summary>
    public IReadOnlyList<(ChildProcess Process, Uri Url)> Others { get; init; } = [];

    public LoadPlan PlanOf(LoadPlan plan) =>
        plan with { Host = Url.Host, Port = Url.Port, MorePorts = [.. Others.Select(other => other.Url.Port)], Path = Path, Headers = Headers };

    /// <summary>Of all its processes together.</summary>
    public ProcessCost Cost() => Others.Aggregate(Process.Cost(), (sum, other) => sum + other.Process.Cost());
}
