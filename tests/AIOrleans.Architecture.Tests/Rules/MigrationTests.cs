using System.Text.RegularExpressions;
using AIOrleans.Architecture.Tests.Sources;

namespace AIOrleans.Architecture.Tests.Rules;

/// <summary>Silos of the version before go on serving from a database that the first silo of the next one has migrated: migrations only add, and block nobody for long.</summary>
public sealed partial class MigrationTests
{
    /// <summary>Statements that change what was there, each with what makes it bearable.</summary>
    private static readonly Dictionary<string, string> Reviewed = new(StringComparer.Ordinal)
    {
        ["UPDATE usage_event SET cost_max_nano = cost_nano"] = "of a column that the same migration adds: older silos do not know it",
        ["UPDATE usage_event SET price_version = ''"] = "older silos write it and never read it",
        ["CREATE INDEX orphan_estimate_replaced ON orphan_estimate"] = "a table of few rows",
        ["DROP INDEX hold_lease"] = "in SQLite only, which serves one process: nobody older runs beside it, and what it finds it finds without",
    };

    [Fact]
    public void Migrations_only_add() =>
        Findings.AssertNone(Repository.FilesBelow("sql", "*.sql").SelectMany(path => Changes(path, Repository.Read(path))));

    [Theory]
    [InlineData("DROP TABLE hold;")]
    [InlineData("ALTER TABLE hold DROP COLUMN operation;")]
    [InlineData("alter table hold rename column operation to kind;")]
    [InlineData("ALTER TABLE hold ALTER COLUMN operation SET NOT NULL;")]
    [InlineData("ALTER TABLE hold ADD COLUMN later bigint NOT NULL;")]
    [InlineData("ALTER TABLE hold ADD COLUMN at timestamptz NOT NULL DEFAULT clock_timestamp();")]
    [InlineData("ALTER TABLE hold ADD CONSTRAINT positive CHECK (tokens >= 0);")]
    [InlineData("CREATE INDEX hold_operation ON hold (operation);")]
    [InlineData("CREATE UNIQUE INDEX IF NOT EXISTS hold_operation ON hold (operation);")]
    [InlineData("UPDATE hold SET operation = 'chat';")]
    [InlineData("DELETE FROM hold;")]
    public void Catches_what_older_silos_would_notice(string sql) => Assert.Single(Changes("sql/a.sql", sql));

    [Theory]
    [InlineData("CREATE TABLE fresh (a bigint NOT NULL); CREATE INDEX fresh_a ON fresh (a); ALTER TABLE fresh ALTER COLUMN a SET STORAGE PLAIN; UPDATE fresh SET a = 1;")]
    [InlineData("ALTER TABLE hold ADD COLUMN later bigint;")]
    [InlineData("ALTER TABLE hold ADD COLUMN later bigint NOT NULL DEFAULT 0;")]
    [InlineData("ALTER TABLE hold ADD COLUMN later text NOT NULL DEFAULT 'standard';")]
    [InlineData("-- DROP TABLE hold; is what nobody does\nINSERT INTO OrleansQuery (a) VALUES ('UPDATE hold SET x = 1')")]
    public void Lets_additions_through(string sql) => Assert.Empty(Changes("sql/a.sql", sql));

    private static IEnumerable<Finding> Changes(string path, string text)
    {
        // Bodies of functions and texts are no statements of the migration itself.
        string code = Quoted().Replace(Comment().Replace(text, ""), match => match.Value.Length > 20 ? "''" : match.Value);
        var made = Made().Matches(code).Select(match => match.Groups["table"].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (string statement in code.Split(';').Select(part => Space().Replace(part, " ").Trim()).Where(part => part.Length > 0))
        {
            Match match = Changing().Match(statement);
            if (match.Success && !made.Contains(match.Groups["table"].Value) && !Adding().IsMatch(statement) && !Reviewed.Keys.Any(known => statement.StartsWith(known, StringComparison.Ordinal)))
            {
                yield return new Finding(path, 1, $"'{statement}' changes what silos of the version before rely on, or makes them wait: add a column without NOT NULL or with a constant "
                    + "default, or a table; do the rest in code, in small steps, once no older silo runs");
            }
        }
    }

    [GeneratedRegex(@"--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\$(?<tag>\w*)\$.*?\$\k<tag>\$|'(?:[^']|'')*'", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<table>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Made();

    [GeneratedRegex(
        @"^(?:DROP\s+\w+\s+(?:IF\s+EXISTS\s+)?|ALTER\s+TABLE\s+(?:ONLY\s+)?|CREATE\s+(?:UNIQUE\s+)?INDEX\s+.*?\bON\s+|UPDATE\s+|DELETE\s+FROM\s+|TRUNCATE\s+(?:TABLE\s+)?|LOCK\s+TABLE\s+)(?<table>\w+)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Changing();

    /// <summary>One column, which PostgreSQL adds without touching a row.</summary>
    [GeneratedRegex(@"^ALTER\s+TABLE\s+\w+\s+ADD\s+COLUMN\s+\w+\s+\w+(?:\s+NOT\s+NULL)?\s+DEFAULT\s+(?:-?\d+|'[^']*')$|^ALTER\s+TABLE\s+\w+\s+ADD\s+COLUMN\s+\w+\s+\w+$", RegexOptions.IgnoreCase)]
    private static partial Regex Adding();
}
