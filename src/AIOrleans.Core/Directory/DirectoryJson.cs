using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Directory;

/// <summary>Directory entries as the JSON bodies of stored records. Same spelling as the configuration file, without nesting.</summary>
/// <remarks>Reads leniently: members that a newer version wrote are ignored, missing ones have their defaults.</remarks>
public static class DirectoryJson
{
    private const string OriginOfFile = "file";

    private const string OriginOfApi = "api";

    private static readonly Choice<RecordOrigin> Origins = new((OriginOfFile, RecordOrigin.File), (OriginOfApi, RecordOrigin.Api));

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The record to write for <paramref name="entry"/>; a provider's API keys are sealed.</summary>
    public static DirectoryRecord Write(DirectoryEntry entry, ISecretVault vault) =>
        new(entry.RecordKind, entry.RecordId, BodyOf(entry, vault.Seal), Revision: 0, Deleted: false);

    /// <summary>The record to write in order to remove one.</summary>
    public static DirectoryRecord Tombstone(RecordKind kind, string id) => new(kind, id, "{}", Revision: 0, Deleted: true);

    /// <summary>The content of a stored record that is no tombstone.</summary>
    /// <exception cref="FormatException">Damaged, or written by a version that this one does not understand.</exception>
    /// <exception cref="InvalidOperationException">Its credential was sealed under another master key.</exception>
    public static DirectoryEntry Read(DirectoryRecord record, ISecretVault vault) => Read(record.Kind, record.Id, Encoding.UTF8.GetBytes(record.Body), vault);

    /// <summary>Likewise, from the body in UTF-8.</summary>
    internal static DirectoryEntry Read(RecordKind kind, string id, ReadOnlyMemory<byte> body, ISecretVault vault)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            var mistakes = new MistakeList();
            DirectoryEntry entry = EntryOf(kind, new ObjectReader(document.RootElement, JsonPath.Root, mistakes), vault);
            if (mistakes.Count > 0)
            {
                throw new FormatException($"The stored {kind} '{id}' cannot be read: {mistakes.ToList()[0]}");
            }

            return entry.RecordId == id
                ? entry
                : throw new FormatException($"The stored {kind} '{id}' holds the content of '{entry.RecordId}'.");
        }
        catch (JsonException)
        {
            throw new FormatException($"The stored {kind} '{id}' is not JSON.");
        }
    }

    /// <summary>The body of <paramref name="entry"/>; equal entries have equal bodies when <paramref name="seal"/> is deterministic.</summary>
    internal static string BodyOf(DirectoryEntry entry, Func<Secret, string> seal)
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteBody(buffer, entry, seal);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Appends the body of <paramref name="entry"/> to <paramref name="buffer"/>.</summary>
    internal static void WriteBody(IBufferWriter<byte> buffer, DirectoryEntry entry, Func<Secret, string> seal)
    {
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("origin", Origins.WordOf(entry.Origin));
        WriteEntry(writer, entry, seal);
        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, DirectoryEntry entry, Func<Secret, string> seal)
    {
        switch (entry)
        {
            case AccountEntry account:
                WriteAccount(writer, account);
                break;
            case ProviderConfig provider:
                ProviderJson.Write(writer, provider, seal);
                break;
            case ModelConfig model:
                ModelJson.Write(writer, model);
                break;
            case AdminConfig admin:
                writer.WriteString("id", admin.Id);
                writer.WriteString("secretHash", admin.SecretHash);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(entry), entry.GetType(), "No directory entry of a known kind.");
        }
    }

    private static void WriteAccount(Utf8JsonWriter writer, AccountEntry account)
    {
        (string? tenant, string? org, string id) = account switch
        {
            TenantConfig t => (null, null, t.Id),
            OrgConfig o => (o.Tenant, null, o.Id),
            TeamConfig t => (t.Tenant, t.Org, t.Id),
            UserConfig u => (u.Tenant, u.Org, u.Id),
            AppConfig a => (a.Tenant, a.Org, a.Id),
            KeyConfig k => (k.Tenant, k.Org, k.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(account), account.GetType(), "No account of a known kind."),
        };
        string[] names = [.. new[] { tenant, org, id }.OfType<string>()];
        if (AccountId.Of(account.Account.Kind, names) != account.Account)
        {
            throw new InvalidOperationException($"{account.Account} was copied with another name; make a new entry, for an account keeps its id.");
        }

        OptionalText.Write(writer, "tenant", tenant);
        OptionalText.Write(writer, "org", org);
        writer.WriteString("id", id);
        AccountJson.Write(writer, account);
    }

    private static DirectoryEntry EntryOf(RecordKind kind, ObjectReader reader, ISecretVault vault)
    {
        RecordOrigin origin = Origins.Read(reader, "origin") ?? RecordOrigin.Api;
        string Parent(string name) => Names.Read(reader, name, required: true) ?? Names.Unknown;
        DirectoryEntry entry = kind switch
        {
            RecordKind.Tenant => AccountJson.ReadTenant(reader),
            RecordKind.Org => AccountJson.ReadOrg(reader, Parent("tenant")),
            RecordKind.Team => AccountJson.ReadTeam(reader, Parent("tenant"), Parent("org")),
            RecordKind.User => AccountJson.ReadUser(reader, Parent("tenant"), Parent("org")),
            RecordKind.App => AccountJson.ReadApp(reader, Parent("tenant"), Parent("org")),
            RecordKind.Key => KeyJson.Read(reader, Parent("tenant"), Parent("org"), Names.Read(reader, "user"), team: null, HashIn(reader)),
            RecordKind.Provider => ProviderJson.Read(reader, (sealedText, _, _) => vault.Open(sealedText)),
            RecordKind.Model => ModelJson.Read(reader),
            RecordKind.Admin => new AdminConfig(AccountJson.ReadId(reader), HashIn(reader)),
            _ => throw new FormatException($"Records of kind {kind} are not known to this version."),
        };
        return entry with { Origin = origin };
    }

    private static string HashIn(ObjectReader reader) => reader.Text("secretHash", required: true) ?? "";
}
