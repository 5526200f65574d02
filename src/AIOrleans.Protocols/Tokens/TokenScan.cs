namespace AIOrleans.Protocols.Tokens;

/// <summary>Estimates the tokens of a text that comes in parts: cuts it into runs and adds up what each adds by the family's weights.</summary>
/// <remarks>
/// One pass, no allocation, about 2.5 ns a byte (<c>AIOrleans.Benchmarks -- tokens</c>). Parts may be cut anywhere but within a character.
/// <c>tests/tokens/scan.js</c> finds the same traits and fits the weights: change both or none. Not thread-safe.
/// </remarks>
public struct TokenScan
{
    /// <summary>A letter that is none of a to z.</summary>
    private const int NoLetter = -1;

    /// <summary>Letters that count as the beginning of a word.</summary>
    private const int NearLetters = 4;

    private const int SpacesShort = 16;
    private const int NewlinesShort = 4;
    private const int MarksShort = 4;
    private const int DigitsInGroup = 3;

    private readonly TokenWeights? chosen;
    private long thousandths;
    private long bytes;

    /// <summary>The run that the text ends with so far.</summary>
    private TextClass last;

    /// <summary>Characters of that run, as far as its kind counts them.</summary>
    private int run;

    /// <summary>The last two letters, 0 to 25, or the last mark.</summary>
    private int previous;
    private int before;
    private bool isUpper;

    public TokenScan(TokenFamily family) => chosen = TokenWeights.Of(family);

    /// <summary>At least 1 and at most the bytes seen; 0 before any.</summary>
    public readonly long Tokens => bytes == 0 ? 0 : Math.Clamp((thousandths + 999) / 1000, 1, bytes);

    /// <summary>Adds the next part of the text.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        TokenWeights weights = chosen ?? TokenWeights.Of(TokenFamily.Unknown);
        bytes += utf8.Length;
        for (int i = 0; i < utf8.Length;)
        {
            byte b = utf8[i];
            i = b >= 0x80 ? AddForeign(utf8, i, weights) : TextClasses.OfAscii(b) switch
            {
                TextClass.Letter => AddLetters(utf8, i, weights),
                TextClass.Digit => AddDigits(utf8, i, weights),
                TextClass.Space => AddSpaces(utf8, i, weights),
                TextClass.Newline => AddNewline(b, i, weights),
                TextClass.Tab => AddTab(i, weights),
                _ => AddMarks(utf8, i, weights),
            };
        }
    }

    private int AddLetters(ReadOnlySpan<byte> text, int i, TokenWeights weights)
    {
        long sum = 0;
        int letter = LetterOf(text[i]);
        if (last != TextClass.Letter)
        {
            sum += weights[Trait.Word] + (last == TextClass.Digit ? weights[Trait.AlphaNumeric] : 0);
            (before, previous, run, isUpper) = (NoLetter, letter, 1, IsUpper(text[i]));
            last = TextClass.Letter;
            i++;
        }

        (int first, int second, int place, bool upper) = (before, previous, run, isUpper);
        int[] near = weights.Near;
        int[] far = weights.Far;
        for (; i < text.Length && (uint)(letter = LetterOf(text[i])) < 26; i++)
        {
            if (IsUpper(text[i]))
            {
                bool isHump = !upper && second >= 0;
                sum += weights[isHump ? Trait.Hump : Trait.UpperInWord];
                place = isHump ? 1 : place + 1;
                upper = true;
            }
            else
            {
                sum += second < 0 ? weights[Trait.AfterForeign]
                    : letter == second && letter == first ? weights[Trait.Repeat]
                    : (place < NearLetters ? near : far)[(second << TokenWeights.LetterBits) | letter];
                place++;
                upper = false;
            }

            (first, second) = (second, letter);
        }

        (before, previous, run, isUpper) = (first, second, place, upper);
        thousandths += sum;
        return i;
    }

    private int AddDigits(ReadOnlySpan<byte> text, int i, TokenWeights weights)
    {
        if (last != TextClass.Digit)
        {
            thousandths += weights[Trait.DigitRun]
                + (last == TextClass.Letter ? weights[Trait.AlphaNumeric] : 0)
                + (last == TextClass.Space && run == 1 ? weights[Trait.SpaceDigit] : 0);
            (last, run) = (TextClass.Digit, 0);
        }

        for (; i < text.Length && char.IsAsciiDigit((char)text[i]); i++)
        {
            thousandths += weights[Trait.Digit] + (run % DigitsInGroup == 0 ? weights[Trait.DigitGroup] : 0);
            run++;
        }

        return i;
    }

    private int AddSpaces(ReadOnlySpan<byte> text, int i, TokenWeights weights)
    {
        run = last == TextClass.Space ? run : 0;
        last = TextClass.Space;
        for (; i < text.Length && text[i] == ' '; i++)
        {
            run++;
            thousandths += run == 1 ? 0 : weights[run == 2 ? Trait.Spaces : run <= SpacesShort ? Trait.SpacesMore : Trait.SpacesLong];
        }

        return i;
    }

    /// <summary>A carriage return adds nothing: tokenizers have tokens for both ends of a line.</summary>
    private int AddNewline(byte b, int i, TokenWeights weights)
    {
        if (b == '\n')
        {
            run = last == TextClass.Newline ? run + 1 : 0;
            thousandths += weights[run == 0
                ? (last == TextClass.Mark ? Trait.NewlineAfterMark : Trait.Newline)
                : (run <= NewlinesShort ? Trait.NewlinesMore : Trait.NewlinesLong)];
            last = TextClass.Newline;
        }

        return i + 1;
    }

    private int AddTab(int i, TokenWeights weights)
    {
        thousandths += weights[Trait.Tab];
        last = TextClass.Tab;
        return i + 1;
    }

    private int AddMarks(ReadOnlySpan<byte> text, int i, TokenWeights weights)
    {
        if (last != TextClass.Mark)
        {
            thousandths += weights[last == TextClass.Space ? Trait.MarkAfterSpace : Trait.Mark];
            (last, previous, run) = (TextClass.Mark, text[i], 0);
            i++;
        }

        for (; i < text.Length && text[i] < 0x80 && TextClasses.OfAscii(text[i]) == TextClass.Mark; i++)
        {
            run = text[i] == previous ? run + 1 : 0;
            thousandths += weights[run == 0 ? Trait.MarkOther : run < MarksShort ? Trait.MarkSame : Trait.MarkSameLong];
            previous = text[i];
        }

        return i;
    }

    /// <summary>One character beyond ASCII.</summary>
    private int AddForeign(ReadOnlySpan<byte> text, int i, TokenWeights weights)
    {
        byte b = text[i];
        TextClass found = TextClasses.Of(b, i + 1 < text.Length ? text[i + 1] : (byte)0);
        int length = Math.Min(b < 0xC2 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4, text.Length - i);
        if (found is TextClass.Letter or TextClass.LetterAdditional)
        {
            thousandths += weights[found == TextClass.Letter ? Trait.Latin : Trait.LatinAdditional] + (last == TextClass.Letter ? 0 : weights[Trait.Word]);
            run = last == TextClass.Letter ? run + 1 : 1;
            (last, previous, before, isUpper) = (TextClass.Letter, NoLetter, NoLetter, false);
            return i + length;
        }

        (Trait each, Trait? begun) = TextClasses.TraitsOf(found);
        if (last != found)
        {
            run = 0;
            thousandths += begun is { } trait ? weights[trait] : 0;
        }

        thousandths += found == TextClass.Cyrillic && run >= NearLetters ? weights[Trait.CyrillicFar]
            : found == TextClass.Other ? weights[Trait.OtherByte] * length
            : weights[each];
        run++;
        last = found;
        return i + length;
    }

    private static int LetterOf(byte b) => (b | 0x20) - 'a';

    private static bool IsUpper(byte b) => (b & 0x20) == 0;
}
