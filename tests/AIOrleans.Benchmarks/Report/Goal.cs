using AIOrleans.Benchmarks.Results;

namespace AIOrleans.Benchmarks.Report;

/// <summary>A figure that the product must reach.</summary>
/// <param name="Figure">Its name.</param>
/// <param name="Bar">What it is compared with.</param>
/// <param name="IsLeast">True where more is better.</param>
internal sealed record Goal(string What, string Figure, double Bar, bool IsLeast)
{
    public static IReadOnlyList<Goal> All { get; } =
    [
        new("strict, 32 connections, 1 kB: requests per second over the bare forwarder's", "saturation.strict.ratio_to_forwarder", 0.6, true),
        new("the same over Portkey's", "saturation.strict.ratio_to_portkey", 8, true),
        new("one connection: added p50, strict", "alone.strict.added_p50", 0.5, false),
        new("one connection: added p50, fast", "alone.fast.added_p50", 0.2, false),
        new("70 % load: added p99, strict", "steady.strict.added_p99", 3, false),
        new("70 % load: added p99, fast", "steady.fast.added_p99", 3, false),
        new("stream: first event, p99, added over the bare forwarder's of the same round", "streams.strict.first_event_added_p99", 1, false)
        {
            Beside = [("in all, from the provider's write to the client", "streams.strict.first_event_p99"), ("the bare forwarder's", "streams.forwarder.first_event_p99")],
        },
        new("stream: processor time of an event over the bare forwarder's", "streams.strict.cpu_per_event_ratio", 2, false),
        new("5,000 concurrent streams: peak memory", "crowd.strict.peak_memory", 1024, false),
        new("1,000,000 accounts, 100,000 active: memory", "accounts.1000000.memory", 2048, false),
        new("1,000,000 accounts: start-up", "accounts.1000000.start", 3, false),
        new("soak: growth of memory after warm-up", "soak.memory_slope", 1, false),
        new("soak: growth of handles", "soak.handles_slope", 0.5, false),
        new("soak: growth of threads", "soak.threads_slope", 0.5, false),
    ];

    /// <summary>Figures that are told with it, and are not judged.</summary>
    public IReadOnlyList<(string What, string Figure)> Beside { get; init; } = [];

    public bool IsReachedBy(Figure figure) => IsLeast ? figure.Value >= Bar : figure.Value <= Bar;
}
