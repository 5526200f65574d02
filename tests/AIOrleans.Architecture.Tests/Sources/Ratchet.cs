using System.Globalization;

namespace AIOrleans.Architecture.Tests.Sources;

/// <summary>A reviewed list of today's exceptions with their size, which may only go down.</summary>
/// <remarks>Lines are <c>key | size | why</c>; <c>#</c> begins a comment line. The files lie in <c>Ratchets/</c>.</remarks>
internal static class Ratchet
{
    public const string Directory = "tests/AIOrleans.Architecture.Tests/Ratchets";

    /// <summary>Reads a list.</summary>
    /// <exception cref="FormatException">A line is not <c>key | size | why</c>, or a key comes twice.</exception>
    public static IReadOnlyDictionary<string, int> Parse(string text)
    {
        var entries = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            string[] parts = line.Split(" | ");
            if (parts.Length != 3 || parts[2].Trim().Length == 0 || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out int size))
            {
                throw new FormatException($"'{line}' is not 'key | size | why'.");
            }

            if (!entries.TryAdd(parts[0].Trim(), size))
            {
                throw new FormatException($"'{parts[0]}' is listed twice.");
            }
        }

        return entries;
    }

    /// <summary>Compares what is there with what was allowed.</summary>
    /// <returns>One sentence for each difference; none when they are equal.</returns>
    public static IReadOnlyList<string> Compare(IReadOnlyDictionary<string, int> allowed, IReadOnlyDictionary<string, int> actual)
    {
        var differences = new List<string>();
        foreach (string key in allowed.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            int limit = allowed.GetValueOrDefault(key);
            int size = actual.GetValueOrDefault(key);
            if (limit == 0)
            {
                differences.Add($"{key}: {size} is new; mend it (only a reviewer adds to a ratchet).");
            }
            else if (size == 0)
            {
                differences.Add($"{key}: gone or within the limit; lower the ratchet by taking its line out.");
            }
            else if (size > limit)
            {
                differences.Add($"{key}: grew from {limit} to {size}; a ratchet never goes up.");
            }
            else if (size < limit)
            {
                differences.Add($"{key}: lower the ratchet from {limit} to {size}, so that it cannot grow back.");
            }
        }

        return differences;
    }

    /// <summary>Fails with every difference to the list in <paramref name="fileName"/>, and then with <paramref name="details"/>.</summary>
    public static void AssertHolds(string fileName, IReadOnlyDictionary<string, int> actual, IEnumerable<Finding>? details = null)
    {
        string path = $"{Directory}/{fileName}";
        IReadOnlyList<string> differences = Compare(Parse(Repository.Read(path)), actual);
        IEnumerable<string> places = (details ?? []).DistinctBy(finding => (finding.Path, finding.Line)).Select(finding => finding.ToString());
        Assert.True(differences.Count == 0, $"{path}:\n" + string.Join('\n', differences.Concat(places)));
    }
}
