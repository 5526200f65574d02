using System.Data.Common;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Reports;

/// <summary>The two queries of a bill's check, in both databases.</summary>
internal static class BillSql
{
    public static readonly string Events = $"""
        SELECT {EventColumns.Selected} FROM usage_event
        WHERE settled_at >= @from AND settled_at < @to AND (@tenant = '' OR tenant = @tenant)
        """;

    /// <summary>Days and months only: shorter ones are pruned.</summary>
    public const string Windows = """
        SELECT a.name, w.period, w.period_start, w.operation, w.requests, w.tokens, w.cost_nano
        FROM account_window w JOIN account a ON a.account_no = w.account_no
        WHERE w.period >= 3 AND w.period_start >= @from AND w.period_start < @to
        """;

    public static IEnumerable<(string Name, object Value)> ParametersOf(BillQuery query, string sql)
    {
        yield return ("@from", query.From?.ToMicros() ?? long.MinValue);
        yield return ("@to", query.To?.ToMicros() ?? long.MaxValue);
        if (sql == Events)
        {
            yield return ("@tenant", query.Tenant?.Path ?? "");
        }
    }

    public static StoredWindow ReadWindow(DbDataReader row) => new(
        AccountId.Parse(row.GetString(0)),
        (StoredPeriod)row.GetInt16(1),
        Instants.FromMicros(row.GetInt64(2)),
        row.GetString(3),
        new WindowSum(row.GetInt64(4), row.GetInt64(5), new NanoUsd(row.GetInt64(6))));
}
