using AIOrleans.Chaos.Company;

namespace AIOrleans.Chaos.Audit;

/// <summary>Reckons every event's cost from its tokens, to the nano-dollar, and sees that no attempt is there twice.</summary>
internal static class CostAudit
{
    public static void Check(IReadOnlyList<LedgerEvent> events, Verdict verdict)
    {
        foreach (IGrouping<(string, int), LedgerEvent> group in events.GroupBy(e => (e.RequestId, e.Attempt)).Where(group => group.Count() > 1))
        {
            verdict.Add(Fault.Phantom, $"{group.First()} is in the ledger {group.Count()} times");
        }

        foreach (LedgerEvent e in events)
        {
            (long min, long max) = RangeOf(e);
            if (e.CostNano < min || e.CostNano > max)
            {
                verdict.Add(e.CostNano < min ? Fault.Lost : Fault.Phantom, $"{e}: by its tokens it costs {(min == max ? $"{min}" : $"{min} to {max}")}");
            }
        }
    }

    /// <summary>Exact where usage was told. An estimate is cut at what was held; an orphan's holds no classes, only their sum.</summary>
    private static (long Min, long Max) RangeOf(LedgerEvent e)
    {
        Price price = ChatModel.Of(e.Model).Price;
        long exact = price.CostNano(e.Tokens.UncachedInput, e.Tokens.CacheRead, e.Tokens.Output);
        return e.IsOrphan ? (exact, price.CostNano(0, 0, e.Tokens.Total))
            : e.Estimated ? (0, exact)
            : (exact, exact);
    }
}
