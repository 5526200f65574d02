namespace AIOrleans.Core.Directory;

/// <summary>What a directory record describes. Stored by name: never renamed.</summary>
public enum RecordKind
{
    Tenant,
    Org,
    Team,
    User,
    App,
    Key,
    Provider,
    Model,
    Admin,
}

/// <summary>One configuration record as the store keeps it.</summary>
/// <param name="Id">Unique within its kind: the dotted path of an account (<c>acme.eng.k1</c>) or a plain name.</param>
/// <param name="Body">JSON written by <see cref="DirectoryJson"/>; credentials in it are sealed by the store.</param>
/// <param name="Revision">Given by the store, growing over all records; 0 before it is written.</param>
/// <param name="Deleted">A tombstone: readers that follow revisions must see removals.</param>
public sealed record DirectoryRecord(RecordKind Kind, string Id, string Body, long Revision, bool Deleted);
