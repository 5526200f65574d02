using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>Reports that only count how often they are read.</summary>
internal sealed class TestReports : IUsageReports
{
    private int reads;

    /// <summary>True: reading fails.</summary>
    public bool IsAway { get; set; }

    public int Reads => Volatile.Read(ref reads);

    public Task<IReadOnlyList<UsageTotals>> ReadTotalsAsync(UsageQuery query, int rowsMax, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new StoreUnavailableException("The test says that the reports are away.");
        }

        long read = Interlocked.Increment(ref reads);
        return Task.FromResult<IReadOnlyList<UsageTotals>>([new UsageTotals(["core", "copilot", "gpt-4o"], read, read, 0, 0, default, default)]);
    }

    public Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(UsageQuery query, long? beforeSequence, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<UsageEvent>>([]);
}
