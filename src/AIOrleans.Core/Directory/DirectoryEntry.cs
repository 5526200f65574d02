using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Directory;

/// <summary>Who made a record. What the configuration file made, the file may remove; what the management API made, only the API.</summary>
public enum RecordOrigin
{
    Api,
    File,
}

/// <summary>The content of one directory record.</summary>
public abstract record DirectoryEntry
{
    public abstract RecordKind RecordKind { get; }

    /// <summary>Its <see cref="DirectoryRecord.Id"/>: the dotted, escaped path of an account, or a plain name.</summary>
    public abstract string RecordId { get; }

    /// <summary>Stays what it was when the record was made, whoever changes it later.</summary>
    public RecordOrigin Origin { get; init; }
}

/// <summary>A record that is an account: it has limits, and callers below it.</summary>
public abstract record AccountEntry(AccountId Account, LimitsConfig Limits, AccessConfig Access) : DirectoryEntry
{
    public override RecordKind RecordKind => Account.Kind switch
    {
        AccountKind.Tenant => RecordKind.Tenant,
        AccountKind.Org => RecordKind.Org,
        AccountKind.Team => RecordKind.Team,
        AccountKind.User => RecordKind.User,
        AccountKind.App => RecordKind.App,
        AccountKind.Key => RecordKind.Key,
        _ => throw new InvalidOperationException($"A {Account.Kind} account has no record of its own."),
    };

    public override string RecordId => Account.Path;
}
