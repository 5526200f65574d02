using AIOrleans.Chaos.Calls;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Provider;

namespace AIOrleans.Chaos.Audit;

/// <summary>One call with all that is known of it.</summary>
/// <param name="Lines">Of the provider's invoice, oldest first.</param>
internal sealed record CallRecord(ChatCall Call, IReadOnlyList<InvoiceLine> Lines)
{
    /// <summary>When its gateway had surely written everything about it, had it lived.</summary>
    public DateTimeOffset DoneAt
    {
        get
        {
            DateTimeOffset end = Lines.Select(line => line.EndedAt).Append(Call.EndedAt).Max();
            return Call.Gateway.Disturbances.Delay(end + CallJudge.SettleMax + (Call.LeftAt is null ? TimeSpan.Zero : Timeouts.AbortDrain));
        }
    }

    /// <summary>True when its gateway was killed before it had surely settled: then an estimate is as good as the truth.</summary>
    public bool MayBeOrphan => Call.Gateway.KilledAt < DoneAt;

    /// <summary>How its gateway fared after the call: tells a settlement that got stuck from one that was merely late on a busy machine.</summary>
    public string GatewayFate => Call.Gateway.KilledAt is { } killedAt
        ? FormattableString.Invariant($"its gateway had {(killedAt - DoneAt + CallJudge.SettleMax).TotalSeconds:0.0} s to settle before it was killed")
        : "its gateway lived";

    /// <summary>Something must be charged for it.</summary>
    public bool MustBeCharged => Lines.Any(line => CallJudge.DueOf(line, Call) is not Due.Nothing and not Due.AtMostEstimate);

    public override string ToString() =>
        $"call {Call.Token} of {Call.Key.Id} to gateway {Call.Gateway.Number} ({(Call.LeftAt is null ? "" : "left, ")}status {Call.Status}; "
        + $"{string.Join(", ", Lines.Select(line => $"{line.Provider} {line.Fault} {line.End}{(line.HungUp ? " hung up on" : "")}"))})";
}

/// <summary>What the ledger owes for one line of the invoice.</summary>
internal enum Due
{
    /// <summary>No charge: the provider refused.</summary>
    Nothing,

    /// <summary>The provider refused at the moment when the gateway gave up on it.</summary>
    AtMostEstimate,

    /// <summary>One charge, estimated: no usage was told.</summary>
    Estimate,

    /// <summary>One charge, of exactly what was told.</summary>
    Truth,

    /// <summary>One charge, of what was told or estimated: it was told while the gateway gave up.</summary>
    TruthOrEstimate,
}

/// <summary>Decides what the ledger must have for one call, and compares.</summary>
internal static class CallJudge
{
    /// <summary>Longest time from the end of an answer to its settlement in the database, on a busy machine.</summary>
    public static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(1);

    /// <summary>Longest time from the provider's last write to the gateway's read of it: a gateway that is frozen in between finds its own timeouts over when it thaws.</summary>
    private static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(1);

    public static Due DueOf(InvoiceLine line, ChatCall call) => line switch
    {
        { End: LineEnd.Refused } => MayHaveGivenUp(line, call) ? Due.AtMostEstimate : Due.Nothing,
        { Told: null } => Due.Estimate,
        { HungUp: true } => Due.TruthOrEstimate,
        _ => MayHaveGivenUp(line, call) ? Due.TruthOrEstimate : Due.Truth,
    };

    /// <summary>Everything wrong with the events of one hold, taken for those of one call.</summary>
    public static List<Finding> Judge(CallRecord record, IReadOnlyList<LedgerEvent> events)
    {
        LedgerEvent[] charges = [.. events.Where(e => e.IsCharge)];
        if (charges is [{ IsOrphan: true } orphan])
        {
            return JudgeOrphan(record, orphan);
        }

        var findings = new List<Finding>();
        foreach (IGrouping<string, InvoiceLine> lines in record.Lines.GroupBy(line => line.Provider))
        {
            JudgeProvider(record, [.. lines], [.. charges.Where(e => e.Provider == lines.Key)], findings);
        }

        foreach (LedgerEvent charge in charges.Where(charge => record.Lines.All(line => line.Provider != charge.Provider)))
        {
            // A call given up while it was being sent may be one that the provider never saw; only an estimate can come of it.
            if (!charge.Estimated || record.Call.LeftAt is null)
            {
                findings.Add(new Finding(Fault.Phantom, $"{charge}: '{charge.Provider}' never got {record}"));
            }
        }

        if (charges.Length > 0 && charges.Sum(charge => charge.Requests) != 1)
        {
            findings.Add(new Finding(Fault.Phantom, $"{record} counts as {charges.Sum(charge => charge.Requests)} requests"));
        }

        return findings;
    }

    private static List<Finding> JudgeOrphan(CallRecord record, LedgerEvent orphan)
    {
        if (!record.MayBeOrphan)
        {
            return [new Finding(Fault.Phantom, $"{orphan}: {record.GatewayFate}, and yet it was estimated for {record}")];
        }

        // The hold's amount: for each attempt the whole answer at full length, and at least the prompt.
        long output = ChatModel.Of(record.Call.Model).Price.OutputOf(orphan.Tokens.Total, orphan.CostNano);
        (int min, int max) = AttemptsHeld(record);
        return Enumerable.Range(min, max - min + 1).Any(attempts =>
                output == attempts * record.Call.OutputTokensMax && orphan.Tokens.Total >= attempts * record.Call.TokensHeldMin) && orphan.Requests == 1
            ? []
            : [new Finding(Fault.Phantom, $"{orphan} is not what was held for {record}: {record.Call.OutputTokensMax} tokens of output, {min} to {max} times")];
    }

    /// <summary>How many attempts the hold had room for: one more than may be billed, from before the next one is made.</summary>
    private static (int Min, int Max) AttemptsHeld(CallRecord record)
    {
        int mayBeBilled = record.Lines.Count(line => DueOf(line, record.Call) != Due.Nothing);
        int surelyBilled = record.Lines.SkipLast(1).Count(line => DueOf(line, record.Call) == Due.Estimate);
        return (surelyBilled + 1, mayBeBilled + 1);
    }

    private static void JudgeProvider(CallRecord record, InvoiceLine[] lines, LedgerEvent[] charges, List<Finding> findings)
    {
        if (lines.Length > 1)
        {
            findings.Add(new Finding(Fault.Lost, $"{record}: the same provider was called {lines.Length} times in one request"));
        }

        InvoiceLine line = lines[0];
        Due due = DueOf(line, record.Call);
        if (charges.Length > 1)
        {
            findings.Add(new Finding(Fault.Phantom, $"{charges[0]}: charged {charges.Length} times for {record}"));
        }
        else if (charges.Length == 0)
        {
            if (due is not Due.Nothing and not Due.AtMostEstimate)
            {
                findings.Add(new Finding(Fault.Lost, $"{record}: '{line.Provider}' is not charged at all ({due})"));
            }
        }
        else if (!IsPaidBy(line, due, charges[0]))
        {
            long told = line.Told?.Total ?? 0;
            findings.Add(new Finding(
                charges[0].Tokens.Total < told ? Fault.Lost : Fault.Phantom, $"{charges[0]}: due is {due} of {line.Told} for {record}"));
        }
    }

    private static bool IsPaidBy(InvoiceLine line, Due due, LedgerEvent charge) => due switch
    {
        Due.Nothing => false,
        Due.AtMostEstimate or Due.Estimate => charge.Estimated,
        Due.Truth => IsTruth(line, charge),
        _ => charge.Estimated || IsTruth(line, charge),
    };

    private static bool IsTruth(InvoiceLine line, LedgerEvent charge) => !charge.Estimated && ToldIn(charge) == line.Told;

    /// <summary>The usage that the provider must have told for this charge.</summary>
    public static ToldUsage ToldIn(LedgerEvent charge) => new(
        (int)(charge.Tokens.UncachedInput + charge.Tokens.CacheRead), (int)charge.Tokens.CacheRead, (int)charge.Tokens.Output, (int)charge.Tokens.Reasoning);

    /// <summary>True when the gateway may have stopped listening before the end, though the provider noticed nothing: half of each bound, for clocks and load.</summary>
    private static bool MayHaveGivenUp(InvoiceLine line, ChatCall call) =>
        line.HungUp
        || (call.LeftAt is { } left && line.EndedAt > left + (Timeouts.AbortDrain / 2))
        || (line.FirstByteAt ?? line.EndedAt) - line.ReceivedAt > Timeouts.FirstByte / 2
        || line.LongestGap > Timeouts.Idle / 2
        || call.Gateway.Disturbances.Touch(line.ReceivedAt, line.EndedAt + ReadMax);
}
