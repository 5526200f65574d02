using System.Text.Json;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Configuration;

/// <summary>Accounts except keys. The parents' names are given, since the file nests where stored records name them.</summary>
/// <remarks>References are checked where the declared ids are given: the file is whole in itself, a stored record is not.</remarks>
internal static class AccountJson
{
    public static TenantConfig ReadTenant(ObjectReader reader) =>
        new(ReadId(reader), TimeZoneJson.Read(reader), LimitsJson.ReadFrom(reader), AccessJson.Read(reader));

    public static OrgConfig ReadOrg(ObjectReader reader, string tenant, DeclaredIds? models = null) =>
        new(tenant, ReadId(reader), LimitsJson.ReadFrom(reader), AccessJson.Read(reader), ReadModels(reader, models));

    public static TeamConfig ReadTeam(ObjectReader reader, string tenant, string org) =>
        new(tenant, org, ReadId(reader), LimitsJson.ReadFrom(reader), AccessJson.Read(reader));

    public static UserConfig ReadUser(ObjectReader reader, string tenant, string org, DeclaredIds? teams = null) =>
        new(tenant, org, ReadId(reader), Names.ReadList(reader, "teams", among: teams) ?? [], LimitsJson.ReadFrom(reader), AccessJson.Read(reader));

    public static AppConfig ReadApp(ObjectReader reader, string tenant, string org) =>
        new(tenant, org, ReadId(reader), LimitsJson.ReadFrom(reader), AccessJson.Read(reader));

    public static string ReadId(ObjectReader reader) => Names.Read(reader, "id", required: true) ?? Names.Unknown;

    /// <summary>Writes what an account has besides its names.</summary>
    public static void Write(Utf8JsonWriter writer, AccountEntry account)
    {
        switch (account)
        {
            case TenantConfig tenant:
                writer.WriteString("timeZone", tenant.TimeZone);
                break;
            case OrgConfig org:
                WriteModels(writer, org);
                break;
            case UserConfig user:
                TextList.Write(writer, "teams", user.Teams.Count > 0 ? user.Teams : null);
                break;
            case KeyConfig key:
                KeyJson.Write(writer, key);
                break;
        }

        LimitsJson.WriteInto(writer, account.Limits);
        AccessJson.Write(writer, account.Access);
    }

    private static Dictionary<string, LimitsConfig> ReadModels(ObjectReader org, DeclaredIds? known)
    {
        var models = new Dictionary<string, LimitsConfig>(StringComparer.Ordinal);
        foreach (ObjectReader reader in org.Objects("models"))
        {
            string model = Names.Read(reader, "model", required: true, Names.ModelCharsMax) ?? Names.Unknown;
            known?.Require(model, reader.Place, "model", reader.Mistakes);
            LimitsConfig limits = LimitsJson.ReadFrom(reader);
            reader.Finish();
            if (model != Names.Unknown && !models.TryAdd(model, limits))
            {
                reader.Report("model", $"{Names.Quoted(model)} stands here twice; keep one.");
            }
        }

        return models;
    }

    private static void WriteModels(Utf8JsonWriter writer, OrgConfig org)
    {
        if (org.Models.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("models");
        foreach ((string model, LimitsConfig limits) in org.Models.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            LimitsJson.WriteInto(writer, limits);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
