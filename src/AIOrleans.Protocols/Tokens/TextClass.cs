namespace AIOrleans.Protocols.Tokens;

/// <summary>What a byte, or the character that it begins, belongs to; runs are made of one class.</summary>
internal enum TextClass : byte
{
    /// <summary>Nothing came before.</summary>
    None,
    Letter,
    Digit,
    Space,
    Newline,
    Tab,
    Mark,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Devanagari,
    Brahmic,
    Thai,
    Han,
    Kana,
    Hangul,
    Emoji,
    Dash,
    Symbol,
    WideMark,
    Other,

    /// <summary>U+1E00 to U+1EFF: in a run they are letters.</summary>
    LetterAdditional,
}

/// <summary>Finds classes by the first one or two bytes of a character. Source: the blocks of the Unicode Standard.</summary>
internal static class TextClasses
{
    private static readonly TextClass[] Ascii = [.. Enumerable.Range(0, 128).Select(b => OfAscii((char)b))];

    public static TextClass OfAscii(byte b) => Ascii[b];

    /// <param name="first">From 0x80 on.</param>
    /// <param name="second">The byte after it; 0 where the text ends.</param>
    public static TextClass Of(byte first, byte second) => first switch
    {
        < 0xC2 => TextClass.Other,
        0xC2 => TextClass.Dash,
        <= 0xCC => TextClass.Letter,
        0xCD => second < 0xB0 ? TextClass.Letter : TextClass.Greek,
        <= 0xCF => TextClass.Greek,
        <= 0xD3 => TextClass.Cyrillic,
        0xD4 => second < 0xB0 ? TextClass.Cyrillic : TextClass.Other,
        0xD5 => TextClass.Other,
        0xD6 => second < 0x90 ? TextClass.Other : TextClass.Hebrew,
        0xD7 => TextClass.Hebrew,
        <= 0xDB => TextClass.Arabic,
        <= 0xDF => TextClass.Other,
        0xE0 => OfIndia(second),
        0xE1 => second is 0xBA or 0xBB ? TextClass.LetterAdditional : second >= 0xBC ? TextClass.Greek : TextClass.Other,
        0xE2 => second == 0x80 ? TextClass.Dash : TextClass.Symbol,
        0xE3 => second == 0x80 ? TextClass.WideMark : second <= 0x83 ? TextClass.Kana : second < 0x90 ? TextClass.Other : TextClass.Han,
        <= 0xE9 => TextClass.Han,
        0xEA => second >= 0xB0 ? TextClass.Hangul : TextClass.Other,
        <= 0xEC => TextClass.Hangul,
        0xED => second <= 0x9E ? TextClass.Hangul : TextClass.Other,
        0xEF => second is 0xBC or 0xBD ? TextClass.WideMark : second == 0xB8 ? TextClass.Emoji : TextClass.Other,
        0xF0 => second == 0x9F ? TextClass.Emoji : TextClass.Other,
        _ => TextClass.Other,
    };

    /// <summary>What a character of a class weighs, and the first of a run besides; null: nothing besides.</summary>
    public static (Trait Each, Trait? Run) TraitsOf(TextClass script) => script switch
    {
        TextClass.Greek => (Trait.Greek, Trait.GreekRun),
        TextClass.Cyrillic => (Trait.Cyrillic, Trait.CyrillicRun),
        TextClass.Hebrew => (Trait.Hebrew, Trait.HebrewRun),
        TextClass.Arabic => (Trait.Arabic, Trait.ArabicRun),
        TextClass.Devanagari => (Trait.Devanagari, Trait.DevanagariRun),
        TextClass.Brahmic => (Trait.Brahmic, Trait.BrahmicRun),
        TextClass.Thai => (Trait.Thai, Trait.ThaiRun),
        TextClass.Han => (Trait.Han, null),
        TextClass.Kana => (Trait.Kana, null),
        TextClass.Hangul => (Trait.Hangul, Trait.HangulRun),
        TextClass.Emoji => (Trait.Emoji, Trait.EmojiRun),
        TextClass.Dash => (Trait.Dash, null),
        TextClass.Symbol => (Trait.Symbol, null),
        TextClass.WideMark => (Trait.WideMark, null),
        _ => (Trait.OtherByte, null),
    };

    private static TextClass OfIndia(byte second) => second switch
    {
        0xA4 or 0xA5 => TextClass.Devanagari,
        >= 0xA6 and <= 0xB7 => TextClass.Brahmic,
        0xB8 or 0xB9 => TextClass.Thai,
        _ => TextClass.Other,
    };

    private static TextClass OfAscii(char c) => c switch
    {
        ' ' => TextClass.Space,
        '\n' or '\r' => TextClass.Newline,
        '\t' => TextClass.Tab,
        _ => char.IsAsciiLetter(c) ? TextClass.Letter : char.IsAsciiDigit(c) ? TextClass.Digit : TextClass.Mark,
    };
}
