using System.Buffers.Text;

namespace Microsoft.IdentityModel.Tokens;

/// <summary>Base64url as tokens and keys have it: no padding, no white space.</summary>
// Source: RFC 7515 §2. .NET's decoder would let both through.
internal static class Base64UrlText
{
    /// <exception cref="FormatException">Some character is not of the alphabet, or the length is impossible.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                throw new FormatException("A text is not base64url.");
            }
        }

        return Base64Url.DecodeFromChars(text);
    }
}
