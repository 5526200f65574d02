namespace AIOrleans.Core.Directory;

/// <summary>A snapshot by kinds, for those who treat all alike.</summary>
internal static class SnapshotKinds
{
    /// <summary>Ids of all records of <paramref name="kind"/>; some of them may be unreadable.</summary>
    public static IEnumerable<string> IdsOf(this DirectorySnapshot directory, RecordKind kind) => kind switch
    {
        RecordKind.Tenant => directory.Tenants.Keys,
        RecordKind.Org => directory.Orgs.Keys,
        RecordKind.Team => directory.Teams.Keys,
        RecordKind.User => directory.Users.Keys,
        RecordKind.App => directory.Apps.Keys,
        RecordKind.Key => directory.Keys.Keys,
        RecordKind.Provider => directory.Providers.Keys,
        RecordKind.Model => directory.Models.Keys,
        RecordKind.Admin => directory.Admins.Keys,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of record."),
    };

    public static DirectoryEntry? Find(this DirectorySnapshot directory, RecordKind kind, string id) => kind switch
    {
        RecordKind.Tenant => directory.Tenants.GetValueOrDefault(id),
        RecordKind.Org => directory.Orgs.GetValueOrDefault(id),
        RecordKind.Team => directory.Teams.GetValueOrDefault(id),
        RecordKind.User => directory.Users.GetValueOrDefault(id),
        RecordKind.App => directory.Apps.GetValueOrDefault(id),
        RecordKind.Key => directory.Keys.GetValueOrDefault(id),
        RecordKind.Provider => directory.Providers.GetValueOrDefault(id),
        RecordKind.Model => directory.Models.GetValueOrDefault(id),
        RecordKind.Admin => directory.Admins.GetValueOrDefault(id),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of record."),
    };

    /// <summary>True when the account's record has the text <paramref name="body"/>, as far as that can be told without reading it.</summary>
    public static bool IsStillText(this DirectorySnapshot directory, RecordKind kind, string id, ReadOnlySpan<byte> body) => kind switch
    {
        RecordKind.Tenant => directory.Tenants.IsStillText(id, body),
        RecordKind.Org => directory.Orgs.IsStillText(id, body),
        RecordKind.Team => directory.Teams.IsStillText(id, body),
        RecordKind.User => directory.Users.IsStillText(id, body),
        RecordKind.App => directory.Apps.IsStillText(id, body),
        RecordKind.Key => directory.Keys.IsStillText(id, body),
        _ => false,
    };
}
