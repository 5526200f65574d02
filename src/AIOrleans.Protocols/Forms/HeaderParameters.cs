using System.Buffers;
using System.Text;

namespace AIOrleans.Protocols.Forms;

/// <summary>A header of the shape <c>word; name=value; name="value"</c>, read so that no other reader can take it for something else.</summary>
/// <remarks>Source: RFC 9110 §5.6.6 and RFC 7578 §4.2, without what those leave to readers: escaped quotes, parameters that come twice.</remarks>
internal static class HeaderParameters
{
    /// <summary>Most parameters: forms use three.</summary>
    private const int CountMax = 8;

    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"u8);

    // A media type has one slash; HTTP does not allow it in a token.
    private static readonly SearchValues<byte> WordBytes =
        SearchValues.Create("!#$%&'*+-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"u8);

    /// <summary>Reads <paramref name="header"/>, or null when it is not of that shape.</summary>
    /// <returns>Names in lower case; each at most once. Values as they stand between the quotes.</returns>
    public static (string Word, Dictionary<string, string> Values)? TryRead(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> rest = header.Trim(" \t"u8);
        int length = LengthOf(rest, WordBytes);
        string word = Encoding.ASCII.GetString(rest[..length]).ToLowerInvariant();
        rest = rest[length..].TrimStart(" \t"u8);
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        while (!rest.IsEmpty)
        {
            if (rest[0] != (byte)';')
            {
                return null;
            }

            rest = rest[1..].TrimStart(" \t"u8);
            if (rest.IsEmpty)
            {
                break;
            }

            length = LengthOf(rest, TokenBytes);
            string name = Encoding.ASCII.GetString(rest[..length]).ToLowerInvariant();
            rest = rest[length..];
            if (name.Length == 0 || rest.IsEmpty || rest[0] != (byte)'=' || ReadValue(ref rest) is not { } value
                || values.Count == CountMax || !values.TryAdd(name, value))
            {
                return null;
            }

            rest = rest.TrimStart(" \t"u8);
        }

        return word.Length == 0 ? null : (word, values);
    }

    /// <summary>The value behind an equals sign, at which <paramref name="rest"/> begins.</summary>
    private static string? ReadValue(ref ReadOnlySpan<byte> rest)
    {
        rest = rest[1..];
        ReadOnlySpan<byte> value;
        if (rest.IsEmpty || rest[0] != (byte)'"')
        {
            int length = LengthOf(rest, TokenBytes);
            value = rest[..length];
            rest = rest[length..];
            return length == 0 ? null : Encoding.ASCII.GetString(value);
        }

        int end = rest[1..].IndexOf((byte)'"');
        if (end < 0)
        {
            return null;
        }

        value = rest.Slice(1, end);
        rest = rest[(end + 2)..];

        // A backslash before the quote ends the value for some readers, and escapes the quote for others.
        return value.EndsWith("\\"u8) || value.ContainsAnyInRange((byte)0, (byte)0x1F) ? null : Encoding.UTF8.GetString(value);
    }

    private static int LengthOf(ReadOnlySpan<byte> text, SearchValues<byte> allowed)
    {
        int end = text.IndexOfAnyExcept(allowed);
        return end < 0 ? text.Length : end;
    }
}
