using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;

namespace AIOrleans.Testing;

/// <summary>A price history in memory, with the port's promises: growing sequences, all or nothing, refusal of stale writers.</summary>
public sealed class MemoryPriceStore : IPriceStore
{
    private readonly Lock gate = new();
    private readonly List<PriceRecord> records = [];

    /// <summary>Runs before each write looks at the sequence: the place where another process is faster.</summary>
    public Action? BeforeWrite { get; set; }

    public Task<IReadOnlyList<PriceRecord>> ReadAsync(long afterSequence, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<PriceRecord>>([.. records.Where(record => record.Sequence > afterSequence)]);
        }
    }

    public Task<bool> WriteAsync(IReadOnlyList<PriceRecord> added, long expectedSequence, CancellationToken cancellationToken)
    {
        BeforeWrite?.Invoke();
        lock (gate)
        {
            if (records.Count != expectedSequence)
            {
                return Task.FromResult(false);
            }

            records.AddRange(added.Select((record, i) => record with { Sequence = expectedSequence + 1 + i }));
            return Task.FromResult(true);
        }
    }
}
