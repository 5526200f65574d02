using AIOrleans.Core.Ledger;

namespace AIOrleans.Management.Views;

/// <summary>The answer of <c>GET /api/v1/usage/verify</c>: counts as in <see cref="BillReport"/>.</summary>
internal sealed record BillJson(
    bool Verified,
    long Events,
    long Recomputed,
    long Unpriced,
    long Orphans,
    decimal CostUsd,
    int Windows,
    bool WindowsTooMany,
    int MismatchCount,
    IReadOnlyList<BillMismatch> Mismatches)
{
    public static BillJson Of(BillReport report) => new(
        report.IsVerified,
        report.Events,
        report.Recomputed,
        report.Unpriced,
        report.Orphans,
        report.Cost.ToUsd(),
        report.Windows,
        report.WindowsTooMany,
        report.MismatchCount,
        report.Mismatches);
}
