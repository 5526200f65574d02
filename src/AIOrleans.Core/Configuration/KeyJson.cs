using System.Globalization;
using System.Text.Json;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>An API key, without its secret: the file holds that in plain or by reference, stored records as a hash.</summary>
internal static class KeyJson
{
    /// <summary>Most tags of a key: each is stored with every usage event.</summary>
    private const int TagsMax = 32;

    /// <summary>Longest value of a tag, in characters.</summary>
    private const int TagCharsMax = 256;

    /// <param name="user">The owner; null for a service key.</param>
    /// <param name="team">The team whose service key it is; null: the property <c>team</c> says.</param>
    public static KeyConfig Read(ObjectReader reader, string tenant, string org, string? user, string? team, string secretHash) => new(
        tenant,
        org,
        AccountJson.ReadId(reader),
        user,
        team ?? Names.Read(reader, "team"),
        Names.Read(reader, "app"),
        secretHash,
        ReadTags(reader),
        LimitsJson.ReadFrom(reader),
        AccessJson.Read(reader),
        InstantJson.Read(reader, "expiresAt"),
        reader.Flag("revoked", absent: false));

    public static void Write(Utf8JsonWriter writer, KeyConfig key)
    {
        OptionalText.Write(writer, "user", key.User);
        OptionalText.Write(writer, "team", key.Team);
        OptionalText.Write(writer, "app", key.App);
        writer.WriteString("secretHash", key.SecretHash);
        if (key.Tags.Count > 0)
        {
            writer.WriteStartObject("tags");
            foreach ((string name, string value) in key.Tags)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        if (key.ExpiresAt is { } expiresAt)
        {
            writer.WriteString("expiresAt", expiresAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        }

        if (key.Revoked)
        {
            writer.WriteBoolean("revoked", true);
        }
    }

    private static IReadOnlyList<KeyValuePair<string, string>> ReadTags(ObjectReader key)
    {
        if (key.Object("tags") is not { } reader)
        {
            return [];
        }

        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in reader.Names)
        {
            string? value = reader.Text(name, required: true);
            if (Names.Checked(name, reader.Place, name, reader.Mistakes, Names.CharsMax) is null || value is null)
            {
                continue;
            }

            if (value.Length > TagCharsMax || value.Any(char.IsControl))
            {
                reader.Report(name, $"must have at most {TagCharsMax} characters, none of them a control character.");
            }

            tags[name] = value;
        }

        if (tags.Count > TagsMax)
        {
            key.Report("tags", $"must have at most {TagsMax} tags, not {tags.Count}.");
        }

        return [.. tags];
    }
}
