using System.Globalization;
using System.Text.Json;

namespace AIOrleans.Core.Money.LiteLlm;

/// <summary>What reading a number found.</summary>
internal enum NumberFault
{
    None,

    /// <summary>Neither a number nor text with one.</summary>
    NoNumber,

    /// <summary>More digits than can be kept: it would be rounded without a word.</summary>
    TooFine,
}

/// <summary>Reads JSON numbers, and numbers in text, as decimals that lose no digit.</summary>
internal static class ExactDecimal
{
    /// <summary>Longest number, in characters: a double has at most 24.</summary>
    private const int CharsMax = 40;

    /// <summary>Digits that every decimal can hold, in all and behind the point.</summary>
    private const int DigitsMax = 28;

    public static NumberFault Read(JsonElement value, out decimal number)
    {
        number = 0;
        string? text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => null,
        };
        if (text is null or { Length: 0 or > CharsMax })
        {
            return NumberFault.NoNumber;
        }

        // An exponent of four digits is no price, and parsing it would not say whether it was lost.
        int exponentAt = text.IndexOfAny(['e', 'E']);
        int exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return NumberFault.NoNumber;
        }

        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            return NumberFault.NoNumber;
        }

        ReadOnlySpan<char> mantissa = (exponentAt < 0 ? text : text[..exponentAt]).AsSpan().Trim();
        return IsKept(mantissa, exponent) ? NumberFault.None : NumberFault.TooFine;
    }

    /// <summary>True when all digits fit: decimal rounds what does not.</summary>
    private static bool IsKept(ReadOnlySpan<char> mantissa, int exponent)
    {
        int point = mantissa.IndexOf('.');
        int decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        string digits = new([.. mantissa.ToArray().Where(char.IsAsciiDigit)]);
        string significant = digits.Trim('0');
        if (significant.Length == 0)
        {
            return true;
        }

        int trailingZeros = digits.Length - digits.TrimEnd('0').Length;
        return significant.Length <= DigitsMax && (long)decimals - trailingZeros - exponent <= DigitsMax;
    }
}
