using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Tests.Tokens;

/// <summary>Texts with their true tokens by published tokenizers. <c>tests/tokens</c> makes the file.</summary>
internal static class Corpus
{
    public static IReadOnlyList<Sample> All { get; } = Read();

    /// <summary>What the weights were not fitted to.</summary>
    public static IEnumerable<Sample> Check { get; } = [.. All.Where(sample => sample.Half == "check")];

    public static IReadOnlyList<TokenFamily> Families { get; } = Enum.GetValues<TokenFamily>();

    public static IReadOnlyList<string> LatinProse { get; } =
    [
        "english", "german", "french", "spanish", "italian", "portuguese", "dutch", "polish", "czech", "swedish", "finnish", "turkish", "vietnamese", "indonesian",
    ];

    /// <summary>What the table of the documentation has as rows.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Kinds)> Groups { get; } =
    [
        ("English", ["english", "dialogue"]),
        ("13 other languages in Latin letters", [.. LatinProse.Skip(1)]),
        ("Russian, Ukrainian, Greek", ["russian", "ukrainian", "greek"]),
        ("Arabic, Persian, Hebrew", ["arabic", "persian", "hebrew"]),
        ("Hindi, Bengali, Tamil, Thai", ["hindi", "bengali", "tamil", "thai"]),
        ("Chinese, Japanese, Korean", ["chinese", "japanese", "korean", "mixed"]),
        ("emoji", ["emoji"]),
        ("code, SQL, shell, YAML, diffs", ["csharp", "python", "typescript", "sql", "shell"]),
        ("JSON, XML, HTML", ["json-pretty", "json-compact", "json-tools", "xml", "html"]),
        ("Markdown, LaTeX", ["markdown", "markdown-table", "math"]),
        ("logs, CSV, URLs, numbers", ["logs", "csv", "urls", "numbers"]),
        ("base64, hex, UUIDs", ["base64", "jwt", "hex", "uuids"]),
        ("one character again and again", ["repeated-chars"]),
    ];

    /// <summary>What the estimate of each sample is off by, relative to the truth: positive is too many.</summary>
    public static IReadOnlyList<double> ErrorsOf(IEnumerable<string> kinds, TokenFamily family) =>
        [.. Check.Where(sample => kinds.Contains(sample.Kind)).Select(sample => ((double)TokenEstimate.Of(sample.Utf8, family) / sample.TokensOf(family)) - 1)];

    /// <summary>Mean, 95th percentile and worst under-estimate, in percent.</summary>
    public static string Show(IReadOnlyList<double> errors)
    {
        double[] sizes = [.. errors.Select(Math.Abs).Order()];
        double under = Math.Max(0, -errors.Min());
        double most = sizes[(int)Math.Ceiling(0.95 * sizes.Length) - 1];
        return string.Create(CultureInfo.InvariantCulture, $"{100 * sizes.Average():0} · {100 * most:0} · {100 * under:0}");
    }

    public static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!; // ! A file has a folder.

    private static Sample[] Read()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(), "corpus.json")));
        return [.. document.RootElement.EnumerateArray().Select(element => new Sample(
            element.GetProperty("kind").GetString() ?? "",
            element.GetProperty("half").GetString() ?? "",
            Encoding.UTF8.GetBytes(element.GetProperty("text").GetString() ?? ""),
            element.GetProperty("tokens").EnumerateObject().ToDictionary(count => Enum.Parse<TokenFamily>(count.Name), count => count.Value.GetInt64())))];
    }
}

/// <summary>One text of the corpus.</summary>
internal sealed record Sample(string Kind, string Half, byte[] Utf8, IReadOnlyDictionary<TokenFamily, long> Tokens)
{
    /// <summary>The truth; for a model that is not known, the most that any family needs.</summary>
    public long TokensOf(TokenFamily family) => family == TokenFamily.Unknown ? Tokens.Values.Max() : Tokens[family];
}
