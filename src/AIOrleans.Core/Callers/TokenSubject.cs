using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Callers;

/// <summary>Whom a token names that holds. Names are those of the directory, not escaped.</summary>
/// <param name="Issuer">What the configuration calls its issuer.</param>
/// <param name="Teams">Teams that it names; exactly one must be the user's. Null where tokens of the issuer do not name teams.</param>
/// <param name="App">Null where they do not name apps.</param>
/// <param name="ExpiresAt">From then on it is refused.</param>
public sealed record TokenSubject(
    string Issuer, string Tenant, string Org, string User, IReadOnlyList<string>? Teams, string? App, DateTimeOffset ExpiresAt)
{
    /// <summary>The caller by what <paramref name="directory"/> says now; a suspended one is a caller too.</summary>
    /// <param name="mistake">Which name is nobody's; null when there is a caller.</param>
    public Caller? Resolve(DirectorySnapshot directory, out string? mistake)
    {
        string tenantId = AccountId.Escape(Tenant);
        string orgId = tenantId + "." + AccountId.Escape(Org);
        string Below(string name) => orgId + "." + AccountId.Escape(name);
        TenantConfig? tenant = directory.Tenants.GetValueOrDefault(tenantId);
        OrgConfig? org = directory.Orgs.GetValueOrDefault(orgId);
        UserConfig? user = directory.Users.GetValueOrDefault(Below(User));
        string[] teams = [.. Teams?.Where(name => user?.Teams.Contains(name) == true).Distinct(StringComparer.Ordinal) ?? []];
        TeamConfig? team = teams.Length == 1 ? directory.Teams.GetValueOrDefault(Below(teams[0])) : null;
        AppConfig? app = App is null ? null : directory.Apps.GetValueOrDefault(Below(App));
        mistake = tenant is null ? $"there is no tenant '{Tenant}'"
            : org is null ? $"there is no org '{Org}' in tenant '{Tenant}'"
            : user is null ? $"there is no user '{User}' in org '{Org}' of tenant '{Tenant}'"
            : Teams is not null && teams.Length > 1 ? $"it names several teams of user '{User}': {string.Join(", ", teams)}"
            : Teams is not null && team is null ? $"it names no team of user '{User}'"
            : App is not null && app is null ? $"there is no app '{App}' in org '{Org}' of tenant '{Tenant}'"
            : null;

        // ! Without a mistake all three are there.
        return mistake is null ? Caller.Of(this, tenant!, org!, team, user!, app) : null;
    }
}
