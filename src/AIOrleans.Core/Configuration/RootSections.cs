using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>The sections <c>providers</c>, <c>models</c> and <c>admins</c>.</summary>
internal static class RootSections
{
    public static void ReadProviders(ObjectReader root, DeclarationDraft draft, SecretReader secrets)
    {
        foreach (ObjectReader reader in root.Objects("providers"))
        {
            ProviderConfig provider = ProviderJson.Read(reader, secrets.OpenCredential);
            reader.Finish();
            draft.ProviderNames.Declare(reader, "name", provider.Name);
            draft.Providers.Add(provider);
        }
    }

    public static void ReadModels(ObjectReader root, DeclarationDraft draft)
    {
        foreach (ObjectReader reader in root.Objects("models"))
        {
            ModelConfig model = ModelJson.Read(reader, draft.ProviderNames);
            reader.Finish();
            draft.ModelNames.Declare(reader, "name", model.Name);
            draft.Models.Add(model);
        }
    }

    public static void ReadAdmins(ObjectReader root, DeclarationDraft draft, SecretReader secrets)
    {
        var ids = new DeclaredIds("admin");
        foreach (ObjectReader reader in root.Objects("admins"))
        {
            var admin = new AdminConfig(AccountJson.ReadId(reader), secrets.ReadHash(reader));
            reader.Finish();
            ids.Declare(reader, "id", admin.Id);
            draft.Admins.Add(admin);
        }
    }
}
