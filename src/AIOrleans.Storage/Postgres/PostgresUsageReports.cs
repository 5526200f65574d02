using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Reports;

namespace AIOrleans.Storage.Postgres;

/// <summary>Reports on PostgreSQL; the server cancels them at their timeout.</summary>
internal sealed class PostgresUsageReports(PostgresReads reads) : IUsageReports
{
    public Task<IReadOnlyList<UsageTotals>> ReadTotalsAsync(UsageQuery query, int rowsMax, CancellationToken cancellationToken)
    {
        UsageReportSql sql = UsageReportSql.Totals(query, rowsMax, ReportDialect.PostgreSql);
        return reads.ReadAsync(sql.Text, sql.Parameters, sql.ReadTotals, cancellationToken);
    }

    public Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(
        UsageQuery query, long? beforeSequence, int countMax, CancellationToken cancellationToken)
    {
        UsageReportSql sql = UsageReportSql.Events(query, beforeSequence, countMax, ReportDialect.PostgreSql);
        return reads.ReadAsync(sql.Text, sql.Parameters, EventColumns.Read, cancellationToken);
    }
}
