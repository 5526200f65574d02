namespace AIOrleans.Storage;

/// <summary>Where records and usage are kept. Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>One process and one file.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>Any number of processes.</summary>
    public const string PostgreSql = "postgresql";

    /// <summary><see cref="Sqlite"/> (default) or <see cref="PostgreSql"/>.</summary>
    public string Provider { get; set; } = Sqlite;

    /// <summary>The SQLite file. Default <c>aiorleans.db</c> in the data directory (<c>AIORLEANS_DATA</c>, default <c>data</c>).</summary>
    public string Path { get; set; } = "";

    /// <summary>Npgsql connection string; required for <see cref="PostgreSql"/>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Longest run of one report query, in seconds. Default 30, 1 to 600.</summary>
    public int ReportTimeoutSeconds { get; set; } = 30;

    internal bool IsPostgreSql => string.Equals(Provider, PostgreSql, StringComparison.OrdinalIgnoreCase);
}
