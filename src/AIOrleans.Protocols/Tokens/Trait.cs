namespace AIOrleans.Protocols.Tokens;

/// <summary>What <see cref="TokenScan"/> finds in a text. In the order of the rows of <see cref="FittedWeights"/>.</summary>
internal enum Trait
{
    /// <summary>A run of Latin letters begins.</summary>
    Word,
    UpperInWord,

    /// <summary>A capital after a small letter: most tokenizers cut there.</summary>
    Hump,

    /// <summary>A pair of letters within the first four of a word, by how rare it is; the next three likewise.</summary>
    Near0,
    Near1,
    Near2,
    Near3,

    /// <summary>A pair of letters further on; the next three likewise.</summary>
    Far0,
    Far1,
    Far2,
    Far3,

    /// <summary>The same letter for the third time and more.</summary>
    Repeat,

    /// <summary>An ASCII letter after another Latin one.</summary>
    AfterForeign,
    DigitRun,

    /// <summary>Every third digit of a run, from the first on.</summary>
    DigitGroup,
    Digit,

    /// <summary>A change between letters and digits.</summary>
    AlphaNumeric,

    /// <summary>A single space before a digit: before anything else it is part of the next token.</summary>
    SpaceDigit,
    Spaces,

    /// <summary>The third to the sixteenth space of a run.</summary>
    SpacesMore,
    SpacesLong,
    Newline,
    NewlineAfterMark,

    /// <summary>The second to the fifth newline of a run.</summary>
    NewlinesMore,
    NewlinesLong,
    Tab,

    /// <summary>A run of ASCII marks begins.</summary>
    Mark,
    MarkAfterSpace,
    MarkOther,

    /// <summary>The same mark up to the fourth time.</summary>
    MarkSame,
    MarkSameLong,

    /// <summary>A Latin letter beyond ASCII.</summary>
    Latin,

    /// <summary>U+1E00 to U+1EFF: most of them Vietnamese.</summary>
    LatinAdditional,
    GreekRun,
    Greek,
    CyrillicRun,
    Cyrillic,

    /// <summary>The fifth letter of a word and later.</summary>
    CyrillicFar,
    ArabicRun,
    Arabic,
    HebrewRun,
    Hebrew,
    DevanagariRun,
    Devanagari,

    /// <summary>Bengali to Sinhala.</summary>
    BrahmicRun,
    Brahmic,
    ThaiRun,
    Thai,
    Han,
    Kana,
    HangulRun,
    Hangul,
    EmojiRun,
    Emoji,

    /// <summary>Marks of Latin-1 and U+2000 to U+203F: dashes, quotes, dots.</summary>
    Dash,
    Symbol,

    /// <summary>Marks and letters of full width.</summary>
    WideMark,

    /// <summary>One byte of anything else.</summary>
    OtherByte,
}
