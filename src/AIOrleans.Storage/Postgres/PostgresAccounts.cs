using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Numbers of accounts, cached: a number never changes once it is committed. Only the writer's thread.</summary>
internal sealed class PostgresAccounts
{
    /// <summary>Entries kept, some 100 bytes each; when full all are dropped, and the active ones come back with one query.</summary>
    private const int EntriesMax = 200_000;

    private const string FindSql = "SELECT name, account_no FROM account WHERE name = ANY($1)";

    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);

    /// <summary>The number of an account of the last <see cref="Ensure"/>.</summary>
    public long NumberOf(string name) => numbers[name];

    public bool TryNumberOf(string name, out long number) => numbers.TryGetValue(name, out number);

    /// <summary>Gives every one of <paramref name="names"/> a number, in transactions of their own: they stand even if the caller's does not.</summary>
    public void Ensure(NpgsqlConnection connection, IEnumerable<string> names)
    {
        if (numbers.Count >= EntriesMax)
        {
            numbers.Clear();
        }

        string[] missing = MissingOf(names);
        if (missing.Length == 0)
        {
            return;
        }

        // The arrays are cast to object: an array of strings would be taken for the array of parameters.
        Action<NpgsqlDataReader> remember = row => numbers[row.GetString(0)] = row.GetInt64(1);
        new PostgresPipeline(connection).Add(FindSql, remember, (object)missing).Run();
        string[] unknown = MissingOf(missing);
        if (unknown.Length > 0)
        {
            new PostgresPipeline(connection)
                .Add("INSERT INTO account (name, epoch) SELECT name, 0 FROM unnest($1) name ON CONFLICT (name) DO NOTHING", null, (object)unknown)
                .Add(FindSql, remember, (object)unknown)
                .Run();
        }
    }

    // Sorted: two processes that add the same accounts meet them in the same order.
    private string[] MissingOf(IEnumerable<string> names) =>
        [.. names.Where(name => !numbers.ContainsKey(name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
