using System.Text.Json;

namespace AIOrleans.Core.Configuration;

/// <summary>Reads the configuration file. Whoever calls reads the file and the environment; nothing here does I/O.</summary>
public static class ConfigFile
{
    /// <summary>Longest file in characters: room for some hundred thousand keys.</summary>
    public const int CharsMax = 256 * 1024 * 1024;

    private const int DepthMax = 32;

    private static readonly JsonDocumentOptions JsonOptions =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DepthMax };

    /// <summary>Reads all of <paramref name="json"/> (comments and trailing commas allowed) and reports every mistake, not only the first.</summary>
    /// <param name="environment">The value of an environment variable; null when it is not set.</param>
    /// <param name="hash">Keyed hash of a secret: <see cref="Ports.ISecretVault.HashKey"/>.</param>
    public static ConfigResult Read(string json, Func<string, string?> environment, Func<ReadOnlySpan<char>, string> hash)
    {
        var mistakes = new MistakeList();
        if (json.Length > CharsMax)
        {
            mistakes.Add(JsonPath.Root, $"must have at most {CharsMax} characters.");
            return new ConfigResult.Refused(mistakes.ToList());
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, JsonOptions);
            ConfigDeclaration config = Read(new ObjectReader(document.RootElement, JsonPath.Root, mistakes), new SecretReader(environment, hash));
            return mistakes.Count == 0 ? new ConfigResult.Accepted(config) : new ConfigResult.Refused(mistakes.ToList());
        }
        catch (JsonException e)
        {
            return new ConfigResult.Refused([JsonSyntax.MistakeOf(json, e)]);
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
