namespace AIOrleans.Protocols.Tokens;

/// <summary>Estimates how many tokens a text is. Never what a strict quota holds: that is one token for each byte, which no tokenizer exceeds.</summary>
public static class TokenEstimate
{
    /// <summary>Tokens of a text by itself; what providers put around it comes on top.</summary>
    /// <param name="utf8">Any bytes; what is no UTF-8 counts byte by byte.</param>
    /// <returns>At least 1 and at most the number of bytes; 0 for no text. Never less when text is appended.</returns>
    public static long Of(ReadOnlySpan<byte> utf8, TokenFamily family)
    {
        TokenScan scan = new(family);
        scan.Append(utf8);
        return scan.Tokens;
    }
}
