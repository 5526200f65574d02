namespace AIOrleans.Core.Accounts;

/// <summary>What can be limited. The names in lower case are the prefixes of account ids.</summary>
public enum AccountKind
{
    Tenant,
    Org,
    Team,
    User,
    Key,
    App,

    /// <summary>One model within one org.</summary>
    Model,
}
