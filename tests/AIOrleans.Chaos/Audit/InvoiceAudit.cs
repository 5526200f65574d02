using AIOrleans.Chaos.Calls;
using AIOrleans.Chaos.Provider;

namespace AIOrleans.Chaos.Audit;

/// <summary>
/// Compares the provider's invoice with the ledger, call by call. A hold is recognised by the id that its caller was given, else by the usage that was
/// told, which is unique. What is left (callers that left early, gateways that died) is paired by key, model and time: there must be one hold for each
/// call that must be charged, and one call for each hold that is.
/// </summary>
internal sealed class InvoiceAudit(CallBook calls, Invoice invoice, Verdict verdict)
{
    /// <summary>Between the clocks' readings of two processes on one machine.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMilliseconds(50);

    /// <summary>What was owed for how many requests of the provider, and how many calls' gateways died: how much the audit could prove.</summary>
    public string Extent { get; private set; } = "";

    public void Check(IReadOnlyList<LedgerEvent> events)
    {
        ILookup<string, InvoiceLine> lines = invoice.Lines.ToLookup(line => line.Token);
        CallRecord[] records = [.. calls.All.Select(call => new CallRecord(call, [.. lines[call.Token].OrderBy(line => line.ReceivedAt)]))];
        Dictionary<string, CallRecord> byId = records.Where(record => record.Call.RequestId is not null).ToDictionary(record => record.Call.RequestId!);
        Dictionary<string, CallRecord> byToken = records.ToDictionary(record => record.Call.Token);

        IEnumerable<string> dues = records.SelectMany(record => record.Lines.Select(line => CallJudge.DueOf(line, record.Call)))
            .CountBy(due => due).OrderBy(entry => entry.Key).Select(entry => $"{entry.Key} {entry.Value}");
        Extent = $"due: {string.Join(", ", dues)}; {records.Count(record => record.Lines.Count > 0 && record.MayBeOrphan)} calls whose gateway died, "
            + $"{records.Count(record => record.Call.RequestId is null)} without a name";

        var holdsLeft = new List<LedgerEvent[]>();
        var found = new HashSet<CallRecord>(ReferenceEqualityComparer.Instance);
        foreach (LedgerEvent[] hold in events.GroupBy(e => e.RequestId).Select(group => group.ToArray()))
        {
            if ((byId.GetValueOrDefault(hold[0].RequestId) ?? RecordByUsage(hold, byToken)) is not { } record)
            {
                holdsLeft.Add(hold);
            }
            else if (found.Add(record) || !hold.Any(e => e.IsCharge))
            {
                verdict.Add(CallJudge.Judge(record, hold));
            }
            else
            {
                verdict.Add(Fault.Phantom, $"{hold[0]}: a second hold is charged for {record}");
            }
        }

        CheckRest([.. records.Where(record => !found.Contains(record))], holdsLeft);
    }

    private void CheckRest(List<CallRecord> records, List<LedgerEvent[]> holds)
    {
        foreach (CallRecord record in records.Where(record => record.Call.RequestId is not null))
        {
            verdict.Add(JudgeMissing(record));
        }

        ILookup<string, CallRecord> nameless = records.Where(record => record.Call.RequestId is null).ToLookup(record => record.Call.Key.Id);
        ILookup<string, LedgerEvent[]> holdsByKey = holds.ToLookup(hold => hold[0].Key);
        foreach (string key in nameless.Select(group => group.Key).Union(holdsByKey.Select(group => group.Key)))
        {
            LedgerEvent[][] held = [.. holdsByKey[key]];
            CallRecord[] called = [.. nameless[key]];
            foreach (CallRecord record in Pairing.Unpaired([.. called.Where(record => record.MustBeCharged)], held, Fits))
            {
                verdict.Add(Fault.Lost, $"no hold of the ledger can be that of {record}");
            }

            foreach (LedgerEvent[] hold in Pairing.Unpaired([.. held.Where(hold => hold.Any(e => e.IsCharge))], called, (hold, record) => Fits(record, hold)))
            {
                verdict.Add(Fault.Phantom, $"{hold[0]}, started {hold[0].StartedAt:HH:mm:ss.fff}: no call can be that of this hold");
            }
        }
    }

    /// <summary>A call whose answer was named, and whose hold the ledger does not have: right only where nothing is to be charged.</summary>
    private static List<Finding> JudgeMissing(CallRecord record) => CallJudge.Judge(record, []);

    private CallRecord? RecordByUsage(LedgerEvent[] hold, Dictionary<string, CallRecord> byToken) => hold
        .Where(e => !e.Estimated && e.IsCharge)
        .Select(e => invoice.TokenOf(CallJudge.ToldIn(e)) is { } token ? byToken.GetValueOrDefault(token) : null)
        .FirstOrDefault(record => record is not null);

    private static bool Fits(CallRecord record, LedgerEvent[] hold)
    {
        DateTimeOffset latest = record.Lines.Count > 0 ? record.Lines[0].ReceivedAt : record.Call.EndedAt;
        return hold[0].Model == record.Call.Model
            && hold[0].StartedAt >= record.Call.SentAt - ClockSlack
            && hold[0].StartedAt <= latest + ClockSlack
            && CallJudge.Judge(record, hold).Count == 0;
    }
}
