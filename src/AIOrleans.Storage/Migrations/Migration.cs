using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace AIOrleans.Storage.Migrations;

/// <summary>One numbered file of <c>sql/</c>. Never edited after release: its checksum is recorded where it was applied.</summary>
/// <param name="Checksum">SHA-256 of the text with LF line ends, in lower-case hex: a checkout with CRLF is the same migration.</param>
internal sealed record Migration(int Number, string Name, string Checksum, string Sql)
{
    /// <summary>The migrations of <paramref name="folder"/> (<c>sqlite</c> or <c>postgresql</c>) embedded in this assembly, by number.</summary>
    public static IReadOnlyList<Migration> ReadAll(string folder)
    {
        Assembly assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(name => Read(assembly, name))
            .OrderBy(migration => migration.Number)];
    }

    /// <summary>Makes a migration of a file name such as <c>0002_directory.sql</c> and its text.</summary>
    public static Migration Of(string fileName, string text)
    {
        string sql = text.ReplaceLineEndings("\n");
        string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        string name = Path.GetFileNameWithoutExtension(fileName);
        int number = int.Parse(name.AsSpan(0, name.IndexOf('_')), NumberStyles.None, CultureInfo.InvariantCulture);
        return new Migration(number, name, checksum, sql);
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        // ! The name comes from the assembly's own list.
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return Of(Path.GetFileName(resource), reader.ReadToEnd());
    }
}

/// <summary>A row of <c>schema_migration</c>.</summary>
internal sealed record AppliedMigration(int Number, string Name, string Checksum);
