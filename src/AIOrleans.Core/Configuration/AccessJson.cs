using System.Text.Json;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>The properties <c>active</c>, <c>allowedModels</c> and <c>allowedRegions</c> of an account.</summary>
internal static class AccessJson
{
    public static AccessConfig Read(ObjectReader owner)
    {
        bool active = owner.Flag("active", absent: true);
        IReadOnlyList<string>? models = Names.ReadList(owner, "allowedModels", Names.ModelCharsMax);
        IReadOnlyList<string>? regions = Names.ReadList(owner, "allowedRegions");
        if (models?.FirstOrDefault(Names.HasInnerStar) is { } pattern)
        {
            owner.Report("allowedModels", Names.InnerStar(pattern));
        }

        return active && models is null && regions is null ? AccessConfig.Default : new AccessConfig(active, models, regions);
    }

    public static void Write(Utf8JsonWriter writer, AccessConfig access)
    {
        if (!access.Active)
        {
            writer.WriteBoolean("active", false);
        }

        TextList.Write(writer, "allowedModels", access.AllowedModels);
        TextList.Write(writer, "allowedRegions", access.AllowedRegions);
    }
}
