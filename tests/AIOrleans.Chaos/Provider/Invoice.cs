using System.Collections.Concurrent;
using AIOrleans.Chaos.Calls;
using AIOrleans.Chaos.Company;

namespace AIOrleans.Chaos.Provider;

/// <summary>The provider's own books: every request that reached it, and what it told for each. Thread-safe.</summary>
internal sealed class Invoice(CallBook calls, bool tellsLess)
{
    /// <summary>When the books are false on purpose: one line in so many.</summary>
    private const int FalseLineEvery = 20;

    private readonly ConcurrentQueue<InvoiceLine> lines = new();
    private readonly ConcurrentDictionary<ToldUsage, string> told = new();
    private readonly ConcurrentDictionary<(string Account, Metric Metric), long> excess = new();
    private int count;

    public IReadOnlyCollection<InvoiceLine> Lines => lines;

    public void Open(InvoiceLine line) => lines.Enqueue(line);

    /// <summary>Chooses the usage of a request, different from every other one's: so an event in the ledger says which request it is.</summary>
    public ToldUsage ChooseUsage(string token, Func<ToldUsage> next)
    {
        ToldUsage usage = next();
        while (!told.TryAdd(usage, token))
        {
            usage = next();
        }

        return usage;
    }

    /// <summary>The request that <paramref name="usage"/> was told for; null: none.</summary>
    public string? TokenOf(ToldUsage usage) => told.GetValueOrDefault(usage);

    /// <summary>Notes what is about to be told, before the gateway can know it.</summary>
    public void Tell(InvoiceLine line, ToldUsage usage)
    {
        line.Told = tellsLess && Interlocked.Increment(ref count) % FalseLineEvery == 0 ? usage with { Completion = usage.Completion - 1 } : usage;
        if (calls.Find(line.Token) is { } call && usage.Total > call.TokensHeldMin)
        {
            long tokens = usage.Total - call.TokensHeldMin;
            long costNano = ChatModel.Of(call.Model).Price.CostNano(0, 0, tokens);
            foreach (string account in call.Key.PathFor(call.Model))
            {
                excess.AddOrUpdate((account, Metric.Tokens), tokens, (_, sum) => sum + tokens);
                excess.AddOrUpdate((account, Metric.Cost), costNano, (_, sum) => sum + costNano);
            }
        }
    }

    /// <summary>At most so much more than was held has been told so far for calls charged to <paramref name="account"/>: debt, which no quota can prevent.</summary>
    public long ExcessOf(string account, Metric metric) => excess.GetValueOrDefault((account, metric));
}
