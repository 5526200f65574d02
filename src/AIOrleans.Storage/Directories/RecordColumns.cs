using System.Data.Common;
using AIOrleans.Core.Directory;

namespace AIOrleans.Storage.Directories;

/// <summary>How a directory record is written and read, in both databases.</summary>
internal static class RecordColumns
{
    public const string SelectAfter =
        "SELECT kind, id, body, revision, deleted FROM directory_record WHERE revision > @after ORDER BY revision";

    public const string Upsert = """
        INSERT INTO directory_record (kind, id, body, revision, deleted) VALUES (@kind, @id, @body, @revision, @deleted)
        ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, revision = excluded.revision, deleted = excluded.deleted
        """;

    public static object ParametersOf(DirectoryRecord record, long revision) =>
        new { kind = NameOf(record.Kind), id = record.Id, body = record.Body, revision, deleted = (short)(record.Deleted ? 1 : 0) };

    public static DirectoryRecord Read(DbDataReader row) =>
        new(Enum.Parse<RecordKind>(row.GetString(0), ignoreCase: true), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt16(4) != 0);

    /// <summary>Kinds are stored by name, which is never changed.</summary>
    public static string NameOf(RecordKind kind) => kind.ToString().ToLowerInvariant();
}
