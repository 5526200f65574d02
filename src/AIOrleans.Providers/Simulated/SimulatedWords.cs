namespace AIOrleans.Providers.Simulated;

/// <summary>Words of simulated answers; each counts as one token.</summary>
internal static class SimulatedWords
{
    private static readonly string[] Words =
    [
        "the", "river", "carries", "a", "quiet", "light", "over", "old", "stones", "and", "every", "morning", "someone", "opens", "windows",
        "to", "hear", "it", "while", "boats", "wait", "near", "green", "hills", "where", "rain", "has", "left", "small", "bright", "mirrors", "behind",
    ];

    /// <summary>Word <paramref name="index"/> of choice <paramref name="choice"/>, with the space before it.</summary>
    public static string At(ulong seed, int choice, int index)
    {
        ulong mixed = Mix(seed + ((ulong)choice << 32) + (ulong)index);
        string word = Words[mixed % (ulong)Words.Length];
        return index == 0 ? word : " " + word;
    }

    /// <summary>SplitMix64: spreads neighbouring numbers over all 64 bits.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
