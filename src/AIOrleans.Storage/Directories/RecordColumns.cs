using System.Data.Common;
using AIOrleans.Core.Directory;

namespace AIOrleans.Storage.Directories;

/// <summary>How a directory record is written and read, in both databases.</summary>
internal static class RecordColumns
{
    public const string SelectAfter =
        "SELECT kind, id, body, revision, deleted FROM directory_record WHERE revision > @after ORDER BY revision LIMIT @max";

    public const string SelectNewest = "SELECT revision FROM directory_counter";

    public static DirectoryRecord Read(DbDataReader row) =>
        new(Enum.Parse<RecordKind>(row.GetString(0), ignoreCase: true), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt16(4) != 0);

    /// <summary>Longest reading of a whole directory: millions of records on a slow disk.</summary>
    public static TimeSpan LoadTimeout { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Kinds are stored by name, which is never changed.</summary>
    public static string NameOf(RecordKind kind) => kind.ToString().ToLowerInvariant();
}
