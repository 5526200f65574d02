using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Identity;

namespace AIOrleans.Management.Reports;

/// <summary>Recomputes the bill from its events, their prices and the stored sums.</summary>
public static class BillVerification
{
    /// <exception cref="StoreUnavailableException">The ledger could not be read in time.</exception>
    public static async Task<BillReport> VerifyAsync(LivePrices prices, IBillReads bills, BillQuery query, CancellationToken cancellationToken)
    {
        BillReport report = await ReadAsync(prices, bills, query, cancellationToken);

        // A price that was written after the book was read and before the ledger was: it is in the book now, whatever event has used it.
        return report.Mismatches.Any(mismatch => mismatch.Kind == BillMismatch.UnknownVersion) ? await ReadAsync(prices, bills, query, cancellationToken) : report;
    }

    private static async Task<BillReport> ReadAsync(LivePrices prices, IBillReads bills, BillQuery query, CancellationToken cancellationToken)
    {
        await prices.RefreshAsync(cancellationToken);
        PriceBook book = prices.Current;
        return await bills.ReadAsync(query, () => new BillCheck(query, book), cancellationToken);
    }
}
