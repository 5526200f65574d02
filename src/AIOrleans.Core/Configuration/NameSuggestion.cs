namespace AIOrleans.Core.Configuration;

/// <summary>Guesses what was meant by a name that nobody knows.</summary>
internal static class NameSuggestion
{
    /// <summary>Longest name compared: bounds the work of one guess.</summary>
    private const int LengthMax = 64;

    /// <summary><c> Did you mean 'x'?</c> with a space before it, or nothing when no known name is close.</summary>
    public static string For(string name, IEnumerable<string> known)
    {
        string? closest = Closest(name, known);
        return closest is null ? "" : $" Did you mean '{closest}'?";
    }

    /// <summary>The known name with the fewest edits from <paramref name="name"/>, at most a third of its letters; null when none is that close.</summary>
    public static string? Closest(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LengthMax)
        {
            return null;
        }

        int best = Math.Max(1, name.Length / 3) + 1;
        string? closest = null;
        foreach (string candidate in known.Where(k => k.Length <= LengthMax))
        {
            int edits = EditsBetween(Folded(name), Folded(candidate));
            if (edits < best)
            {
                best = edits;
                closest = candidate;
            }
        }

        return closest;
    }

    /// <summary>Spelling without case and separators: <c>tokens_per_minute</c> is one edit less than it looks.</summary>
    private static string Folded(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int EditsBetween(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 ? j : j == 0 ? i : Cheapest(cost, a, b, i, j);
            }
        }

        return cost[a.Length, b.Length];
    }

    private static int Cheapest(int[,] cost, string a, string b, int i, int j)
    {
        int replaced = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        int least = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
        bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(least, cost[i - 2, j - 2] + 1) : least;
    }
}
