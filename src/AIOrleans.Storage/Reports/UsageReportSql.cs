using System.Data.Common;
using System.Globalization;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Reports;

/// <summary>What the databases write differently in reports.</summary>
/// <param name="TagOf">The value of the tag whose name is in the given parameter, as SQL.</param>
/// <param name="PositionOf">The function that finds its second argument in its first, from 1; 0 when it is not there.</param>
internal sealed record ReportDialect(Func<string, string> TagOf, string PositionOf)
{
    public static ReportDialect Sqlite { get; } = new(name => $"(SELECT value FROM json_each(tags) WHERE key = {name})", "instr");

    public static ReportDialect PostgreSql { get; } = new(name => $"(tags ->> {name})", "strpos");
}

/// <summary>A report query as SQL and parameters. Values are only ever parameters.</summary>
internal sealed class UsageReportSql
{
    /// <summary>Groups of one query: each more multiplies the rows.</summary>
    private const int GroupsMax = 4;

    /// <summary>One for an attempt that had a deployment, used something of it, and has no price.</summary>
    private const string Unpriced = """
        CASE WHEN price_version = '' AND provider <> ''
            AND uncached_input + cache_read + output + image_output + images_made + audio_ms + characters + search_units > 0 THEN 1 ELSE 0 END
        """;

    private readonly UsageQuery query;
    private readonly ReportDialect dialect;
    private readonly List<(string Name, object? Value)> parameters = [];

    private UsageReportSql(UsageQuery query, ReportDialect dialect)
    {
        this.query = query;
        this.dialect = dialect;
    }

    public string Text { get; private set; } = "";

    public IReadOnlyList<(string Name, object? Value)> Parameters => parameters;

    /// <summary>Grouped totals, largest cost first.</summary>
    /// <exception cref="ArgumentException">Too many groups, or not one tag name for each tag group.</exception>
    public static UsageReportSql Totals(UsageQuery query, int rowsMax, ReportDialect dialect)
    {
        if (query.Groups.Count > GroupsMax)
        {
            throw new ArgumentException($"A usage report groups by at most {GroupsMax}, not {query.Groups.Count}.", nameof(query));
        }

        if (query.Groups.Count(group => group == UsageGroup.Tag) != query.TagNames.Count)
        {
            throw new ArgumentException("A usage report needs the name of each tag that it groups by.", nameof(query));
        }

        var sql = new UsageReportSql(query, dialect);
        sql.WriteTotals(rowsMax);
        return sql;
    }

    /// <summary>Single events, newest first.</summary>
    public static UsageReportSql Events(UsageQuery query, long? beforeSequence, int countMax, ReportDialect dialect)
    {
        var sql = new UsageReportSql(query, dialect);
        string before = beforeSequence is { } sequence ? $" AND sequence < {sql.Parameter("before", sequence)}" : "";
        sql.Text = $"SELECT {EventColumns.Selected} FROM usage_event WHERE {sql.Condition()}{before} "
            + $"ORDER BY sequence DESC LIMIT {sql.Parameter("count", countMax)}";
        return sql;
    }

    /// <summary>Reads a row of <see cref="Totals"/>.</summary>
    public UsageTotals ReadTotals(DbDataReader row)
    {
        int count = query.Groups.Count;
        string?[] values = new string?[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = row.IsDBNull(i) ? null : query.Groups[i] == UsageGroup.Day ? DayText(row.GetInt32(i)) : row.GetString(i);
        }

        return new UsageTotals(
            values, row.GetInt64(count), row.GetInt64(count + 1), row.GetInt64(count + 2), row.GetInt64(count + 3),
            EventColumns.ReadUnits(row, count + 15, EventColumns.ReadUsage(row, count + 4) with { Images = row.GetInt64(count + 13) }), new NanoUsd(row.GetInt64(count + 12)), row.GetInt64(count + 14));
    }

    private void WriteTotals(int rowsMax)
    {
        int tag = 0;
        List<string> groups = [.. query.Groups.Select(group => group == UsageGroup.Tag ? TagColumn(tag++) : ColumnOf(group))];
        string selected = string.Concat(groups.Select((group, i) => $"{group} AS g{i}, "));
        string names = string.Join(", ", groups.Select((_, i) => $"g{i}"));
        Text = $"""
            SELECT {selected}{Sum("requests")}, COUNT(*), {Sum("CASE WHEN failed_by <> 'nobody' THEN 1 ELSE 0 END")}, {Sum("estimated")},
                   {Sum("uncached_input")}, {Sum("cache_read")}, {Sum("cache_write_5m")}, {Sum("cache_write_1h")},
                   {Sum("output")}, {Sum("reasoning")}, {Sum("audio_input")}, {Sum("audio_output")}, {Sum("cost_nano")} AS cost,
                   {Sum("images")}, {Sum(Unpriced)},
                   {Sum("image_input")}, {Sum("image_output")}, {Sum("images_made")}, {Sum("audio_ms")}, {Sum("characters")}, {Sum("search_units")}
            FROM usage_event WHERE {Condition()}
            {(groups.Count == 0 ? "" : $"GROUP BY {names}")}
            ORDER BY cost DESC{(groups.Count == 0 ? "" : $", {names}")} LIMIT {Parameter("rows", rowsMax)}
            """;
    }

    private string Condition()
    {
        string condition = $"settled_at >= {Parameter("from", query.From.ToMicros())} AND settled_at < {Parameter("to", query.To.ToMicros())}";
        return query.Within is { } account
            ? $"{condition} AND {dialect.PositionOf}(' ' || path || ' ', {Parameter("within", $" {account} ")}) > 0"
            : condition;
    }

    private string TagColumn(int index) => dialect.TagOf(Parameter($"tag{index}", query.TagNames[index]));

    private string Parameter(string name, object? value)
    {
        parameters.Add(("@" + name, value));
        return "@" + name;
    }

    private static string Sum(string expression) => $"CAST(COALESCE(SUM({expression}), 0) AS bigint)";

    private static string ColumnOf(UsageGroup group) => group switch
    {
        UsageGroup.Tenant => "tenant",
        UsageGroup.Org => "org",
        UsageGroup.Team => "team",
        UsageGroup.User => "user_id",
        UsageGroup.Key => "key_id",
        UsageGroup.App => "app",
        UsageGroup.Model => "model",
        UsageGroup.Provider => "NULLIF(provider, '')",
        UsageGroup.Operation => "operation",
        UsageGroup.Day => "local_day",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "Not a known group."),
    };

    private static string DayText(int day) =>
        string.Create(CultureInfo.InvariantCulture, $"{day / 10_000:0000}-{day / 100 % 100:00}-{day % 100:00}");
}
