using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Reports;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Reports on SQLite, beside the writer and interrupted at their timeout.</summary>
internal sealed class SqliteUsageReports(SqliteLedgerStore ledger, SqliteReads reads) : IUsageReports
{
    public async Task<IReadOnlyList<UsageTotals>> ReadTotalsAsync(UsageQuery query, int rowsMax, CancellationToken cancellationToken)
    {
        UsageReportSql sql = UsageReportSql.Totals(query, rowsMax, ReportDialect.Sqlite);
        await ledger.CatchUpAsync(cancellationToken);
        return await reads.ReadAsync(sql.Text, sql.Parameters, sql.ReadTotals, cancellationToken);
    }

    public async Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(
        UsageQuery query, long? beforeSequence, int countMax, CancellationToken cancellationToken)
    {
        UsageReportSql sql = UsageReportSql.Events(query, beforeSequence, countMax, ReportDialect.Sqlite);
        await ledger.CatchUpAsync(cancellationToken);
        return await reads.ReadAsync(sql.Text, sql.Parameters, EventColumns.Read, cancellationToken);
    }
}
