using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>The section <c>tenants</c>: tenants and the orgs below them.</summary>
internal static class TenantSection
{
    public static void ReadAll(ObjectReader root, DeclarationDraft draft, SecretReader secrets)
    {
        var ids = new DeclaredIds("tenant");
        foreach (ObjectReader reader in root.Objects("tenants"))
        {
            TenantConfig tenant = AccountJson.ReadTenant(reader);
            ids.Declare(reader, "id", tenant.Id);
            draft.Tenants.Add(tenant);
            ReadOrgs(reader, tenant.Id, draft, secrets);
            reader.Finish();
        }
    }

    private static void ReadOrgs(ObjectReader tenant, string tenantId, DeclarationDraft draft, SecretReader secrets)
    {
        var ids = new DeclaredIds("org");
        foreach (ObjectReader reader in tenant.Objects("orgs"))
        {
            OrgConfig org = AccountJson.ReadOrg(reader, tenantId, draft.ModelNames);
            ids.Declare(reader, "id", org.Id);
            draft.Orgs.Add(org);
            new OrgSection(org, draft, secrets).Read(reader);
            reader.Finish();
        }
    }
}
