namespace AIOrleans.Storage.Facts;

/// <summary>Statements on the facts of the installation, the same in both databases.</summary>
internal static class FactSql
{
    public const string Select = "SELECT value FROM installation WHERE name = @name";

    public const string Upsert =
        "INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}
