using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Tests.Support;

/// <summary>A SQLite file in a temporary directory.</summary>
public sealed class SqliteDatabase : TestDatabase
{
    private readonly DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("aiorleans-");

    public string Folder => directory.FullName;

    public string File => Path.Combine(directory.FullName, "test.db");

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Storage:Path"] = File,
        ["AIORLEANS_DATA"] = directory.FullName,
    };

    public override Task<List<object>> QueryAsync(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        List<object> values = [];
        while (reader.Read())
        {
            values.Add(reader.GetValue(0));
        }

        return Task.FromResult(values);
    }

    public override ValueTask DisposeAsync()
    {
        directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
