using AIOrleans.Benchmarks.Load;

namespace AIOrleans.Benchmarks.Targets;

/// <summary>Something that calls are sent to.</summary>
/// <param name="Name">As figures name it.</param>
/// <param name="Headers">Lines that its requests need.</param>
/// <param name="Ledger">What must know every call; null where there is none.</param>
internal sealed record Target(string Name, Uri Url, ChildProcess Process, IReadOnlyList<string> Headers, LedgerCheck? Ledger = null)
{
    public string Path { get; init; } = "/v1/chat/completions";

    public LoadPlan PlanOf(LoadPlan plan) => plan with { Host = Url.Host, Port = Url.Port, Path = Path, Headers = Headers };
}
