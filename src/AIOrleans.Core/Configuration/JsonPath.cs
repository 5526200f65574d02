using System.Globalization;

namespace AIOrleans.Core.Configuration;

/// <summary>Writes JSON paths such as <c>$.tenants[0].id</c>.</summary>
internal static class JsonPath
{
    /// <summary>The whole document.</summary>
    public const string Root = "$";

    /// <summary>Longest property name shown: longer ones are no names of ours.</summary>
    private const int NameCharsMax = 64;

    /// <summary>The property <paramref name="name"/> of <paramref name="parent"/>; quoted where it is no plain word.</summary>
    public static string Property(string parent, string name)
    {
        string shown = name.Length > NameCharsMax ? name[..NameCharsMax] + "…" : name;
        return IsPlain(shown) ? $"{parent}.{shown}" : $"{parent}['{Printable(shown)}']";
    }

    public static string Item(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]");

    private static bool IsPlain(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string Printable(string name) =>
        string.Concat(name.Select(c => char.IsControl(c) ? "�" : c == '\'' ? "\\'" : c.ToString()));
}
