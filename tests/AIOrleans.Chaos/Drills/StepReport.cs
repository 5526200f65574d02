using System.Globalization;
using AIOrleans.Chaos.Calls;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Drills;

/// <summary>What callers saw of one step.</summary>
/// <param name="Victim">The silo that it happened to; null: it happens to none.</param>
internal sealed record StepReport(string Name, GatewayLife? Victim, DateTimeOffset From, IReadOnlyList<ChatCall> Calls)
{
    /// <summary>A call that takes so long waits for something that the step broke: answers take a tenth of it.</summary>
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);

    private const int KindsMax = 5;
    private const int KindLengthMax = 160;

    private ChatCall[] FailedElsewhere => [.. Calls.Where(call => call.IsFailed && call.Gateway != Victim)];

    /// <summary>Only calls that went through the silo itself may fail: it cannot answer any more.</summary>
    public bool IsGood => FailedElsewhere.Length == 0 && Calls.Any(call => call.IsWhole);

    public void Print(TextWriter output)
    {
        ChatCall[] elsewhere = [.. Calls.Where(call => call.Gateway != Victim)];
        TimeSpan slowest = elsewhere.Select(call => call.EndedAt - call.SentAt).DefaultIfEmpty().Max();
        ChatCall[] late = [.. elsewhere.Where(call => call.EndedAt - call.SentAt > Stalled || call.IsFailed)];
        TimeSpan recovered = late.Length == 0 ? TimeSpan.Zero : late.Max(call => call.EndedAt) - From;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"step={Name} calls={Calls.Count} served={Calls.Count(call => call.IsWhole)} failed_there={Calls.Count(call => call.IsFailed && call.Gateway == Victim)} "
            + $"failed_elsewhere={FailedElsewhere.Length} stalled_elsewhere={late.Length} slowest_elsewhere_ms={slowest.TotalMilliseconds:0} "
            + $"full_service_after_ms={recovered.TotalMilliseconds:0}"));
        foreach ((string kind, int times) in Calls.Where(call => call.IsFailed).CountBy(KindOf).OrderByDescending(entry => entry.Value).Take(KindsMax))
        {
            output.WriteLine($"  {times} x {kind}");
        }
    }

    private string KindOf(ChatCall call)
    {
        string said = (call.Failure ?? "an answer that is not whole").ReplaceLineEndings(" ");
        string text = $"{(call.Gateway == Victim ? "there" : "elsewhere")}: {call.Status} {said}";
        return text.Length > KindLengthMax ? text[..KindLengthMax] : text;
    }
}
