namespace AIOrleans.Chaos.Audit;

/// <summary>Pairs what could belong together so that as many as possible find a partner (Kuhn's augmenting paths).</summary>
internal static class Pairing
{
    /// <returns>Those of <paramref name="seekers"/> that no pairing leaves a partner for.</returns>
    public static List<TSeeker> Unpaired<TSeeker, TPartner>(
        IReadOnlyList<TSeeker> seekers, IReadOnlyList<TPartner> partners, Func<TSeeker, TPartner, bool> fits)
    {
        int[][] candidates = [.. seekers.Select(seeker => Enumerable.Range(0, partners.Count).Where(i => fits(seeker, partners[i])).ToArray())];
        int[] seekerOf = [.. Enumerable.Repeat(-1, partners.Count)];
        return [.. seekers.Where((_, seeker) => !TryPair(seeker, candidates, seekerOf, []))];
    }

    private static bool TryPair(int seeker, int[][] candidates, int[] seekerOf, HashSet<int> tried)
    {
        foreach (int partner in candidates[seeker])
        {
            if (tried.Add(partner) && (seekerOf[partner] < 0 || TryPair(seekerOf[partner], candidates, seekerOf, tried)))
            {
                seekerOf[partner] = seeker;
                return true;
            }
        }

        return false;
    }
}
