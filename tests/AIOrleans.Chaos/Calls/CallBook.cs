using System.Collections.Concurrent;

namespace AIOrleans.Chaos.Calls;

/// <summary>All calls of the run. Thread-safe.</summary>
internal sealed class CallBook
{
    private readonly ConcurrentDictionary<string, ChatCall> calls = new(StringComparer.Ordinal);
    private int served;
    private int denied;
    private int left;
    private int failed;

    public IReadOnlyCollection<ChatCall> All => [.. calls.Values];

    public int Count => calls.Count;

    /// <summary>For the progress line.</summary>
    public string Summary => $"{Volatile.Read(ref served)} served, {Volatile.Read(ref denied)} denied, {Volatile.Read(ref left)} left, {Volatile.Read(ref failed)} failed";

    /// <summary>How often which limit refused, most often first, by kind of account: <c>key tokens/day 12</c>.</summary>
    public IEnumerable<string> DenialsByLimit() => calls.Values
        .Where(call => call.DeniedBy is not null)
        .CountBy(call => $"{call.DeniedBy!.Split(':')[0]} {call.DeniedBy.Split(' ')[^1]}")
        .OrderByDescending(entry => entry.Value)
        .Select(entry => $"{entry.Key} {entry.Value}");

    public void Add(ChatCall call) => calls[call.Token] = call;

    public ChatCall? Find(string token) => calls.GetValueOrDefault(token);

    /// <summary>Counts a call that is over.</summary>
    public void End(ChatCall call) =>
        _ = call.LeftAt is not null ? Interlocked.Increment(ref left)
            : call.IsWhole ? Interlocked.Increment(ref served)
            : call.Status is 402 or 429 ? Interlocked.Increment(ref denied)
            : Interlocked.Increment(ref failed);
}
