namespace AIOrleans.Protocols.Tokens;

/// <summary>The fitted weights of one family, laid out for <see cref="TokenScan"/>.</summary>
internal sealed class TokenWeights
{
    /// <summary>Bits that one letter takes in an index of a pair.</summary>
    public const int LetterBits = 5;

    private const int Letters = 26;

    private static readonly TokenWeights[] Families = [.. Enum.GetValues<TokenFamily>().Select(family => new TokenWeights(family))];

    private readonly int[] traits = new int[(int)Trait.OtherByte + 1];

    private TokenWeights(TokenFamily family)
    {
        int families = Enum.GetValues<TokenFamily>().Length;
        for (int i = 0; i < traits.Length; i++)
        {
            traits[i] = FittedWeights.Rows[(i * families) + (int)family];
        }

        for (int pair = 0; pair < Letters * Letters; pair++)
        {
            int rarity = FittedWeights.Rarities[pair] - '0';
            int at = ((pair / Letters) << LetterBits) | (pair % Letters);
            Near[at] = traits[(int)Trait.Near0 + rarity];
            Far[at] = traits[(int)Trait.Far0 + rarity];
        }
    }

    /// <summary>Thousandths of a token for a pair of letters within the first four of a word: the first shifted by <see cref="LetterBits"/>, or the second.</summary>
    public int[] Near { get; } = new int[1 << (2 * LetterBits)];

    /// <summary>Likewise for a pair further on.</summary>
    public int[] Far { get; } = new int[1 << (2 * LetterBits)];

    /// <summary>Thousandths of a token.</summary>
    public int this[Trait trait] => traits[(int)trait];

    public static TokenWeights Of(TokenFamily family) => Families[(int)family];
}
