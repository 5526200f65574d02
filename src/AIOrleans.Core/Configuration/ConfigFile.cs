using System.Text;
using System.Text.Json;

namespace AIOrleans.Core.Configuration;

/// <summary>Reads the configuration file. Whoever calls reads the file and the environment; nothing here does I/O.</summary>
public static class ConfigFile
{
    /// <summary>Longest file in bytes: room for some million keys.</summary>
    public const int BytesMax = 1024 * 1024 * 1024;

    private const int DepthMax = 32;

    private static readonly JsonDocumentOptions JsonOptions =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DepthMax };

    /// <summary>Reads all of <paramref name="json"/> (comments and trailing commas allowed) and reports every mistake, not only the first.</summary>
    /// <param name="environment">The value of an environment variable; null when it is not set.</param>
    /// <param name="hash">Keyed hash of a secret: <see cref="Ports.ISecretVault.HashKey"/>.</param>
    public static ConfigResult Read(string json, Func<string, string?> environment, Func<ReadOnlySpan<char>, string> hash) =>
        Read(Encoding.UTF8.GetBytes(json), environment, hash);

    /// <summary>Likewise, from UTF-8, with or without its mark at the beginning.</summary>
    public static ConfigResult Read(ReadOnlyMemory<byte> utf8, Func<string, string?> environment, Func<ReadOnlySpan<char>, string> hash)
    {
        var mistakes = new MistakeList();
        ReadOnlyMemory<byte> json = utf8.Span.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        if (json.Length > BytesMax)
        {
            mistakes.Add(JsonPath.Root, $"must have at most {BytesMax} bytes.");
            return new ConfigResult.Refused(mistakes.ToList());
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, JsonOptions);
            var secrets = new SecretReader(environment, hash);
            ConfigDeclaration config = Read(new ObjectReader(document.RootElement, JsonPath.Root, mistakes), secrets) with { Variables = secrets.Variables };
            return mistakes.Count == 0 ? new ConfigResult.Accepted(config) : new ConfigResult.Refused(mistakes.ToList());
        }
        catch (JsonException e)
        {
            return new ConfigResult.Refused([JsonSyntax.MistakeOf(Encoding.UTF8.GetString(json.Span), e)]);
        }
    }

    private static ConfigDeclaration Read(ObjectReader root, SecretReader secrets)
    {
        var draft = new DeclarationDraft();
        RootSections.ReadProviders(root, draft, secrets);
        RootSections.ReadModels(root, draft);
        TenantSection.ReadAll(root, draft, secrets);
        RootSections.ReadAdmins(root, draft, secrets);
        root.Finish();
        return draft.ToDeclaration();
    }
}
