using System.Text.Json;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Ports;

namespace AIOrleans.Host.Startup;

/// <summary>Remembers, in the store, which file the directory was last brought in line with: applying the same again, when nothing was changed since, would change nothing.</summary>
/// <remarks>
/// The same is the same text, read by the same build, with the same values of the environment variables that it names. All of that is one keyed hash: the file may have secrets
/// in it that are easily guessed.
/// </remarks>
internal sealed class AppliedConfig(IFactStore facts, ISecretVault vault)
{
    private const string Fact = "applied_config";

    private static readonly string Build = typeof(ConfigFile).Assembly.ManifestModule.ModuleVersionId.ToString("N");

    /// <summary>True when the directory at <paramref name="revision"/> is as applying <paramref name="file"/> left it.</summary>
    public async Task<bool> IsInForceAsync(ConfigHash file, long revision, CancellationToken cancellationToken) =>
        ReadNote(await facts.ReadAsync(Fact, cancellationToken)) is { } note && note.Revision == revision && note.Content == ContentOf(file, note.Variables);

    /// <summary>From now on the directory at <paramref name="revision"/> counts as what <paramref name="file"/> says.</summary>
    public Task NoteAsync(ConfigHash file, IReadOnlyCollection<string> variables, long revision, CancellationToken cancellationToken)
    {
        string[] names = [.. variables.Order(StringComparer.Ordinal)];
        return facts.WriteAsync(Fact, JsonSerializer.Serialize(new Note(ContentOf(file, names), names, revision)), cancellationToken);
    }

    private static Note? ReadNote(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : JsonSerializer.Deserialize<Note>(text) is { Content: not null, Variables: not null } note ? note : null;
        }
        catch (JsonException)
        {
            // Of another version: the file is applied, and this is written anew.
            return null;
        }
    }

    private string ContentOf(ConfigHash file, IEnumerable<string> variables) =>
        vault.HashKey($"{Build}\n{file.Hex}\n{JsonSerializer.Serialize(variables.Select(name => new[] { name, Environment.GetEnvironmentVariable(name) }))}");

    /// <param name="Content">Keyed hash of everything that what was applied depends on.</param>
    /// <param name="Variables">Environment variables that the file names.</param>
    private sealed record Note(string Content, string[] Variables, long Revision);
}
