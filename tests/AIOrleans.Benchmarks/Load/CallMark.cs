using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AIOrleans.Benchmarks.Load;

/// <summary>
/// What a request's text tells the fake provider, in fixed columns: <c>[[id events gap-ms answer-bytes]]</c>. The answer has the mark too, so that nobody
/// gets another one's answer unnoticed.
/// </summary>
internal readonly record struct CallMark(long Id, int Events, int GapMs, int AnswerBytes)
{
    public const int Length = 2 + 12 + 1 + 6 + 1 + 6 + 1 + 8 + 2;

    /// <summary>Tokens that the provider tells for the prompt of every call.</summary>
    public const int InputTokens = 9;

    /// <summary>Tokens that it tells for a plain answer; a stream has one for each event.</summary>
    public const int OutputTokens = 12;

    private static ReadOnlySpan<byte> Opening => "[["u8;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[[{Id:D12} {Events:D6} {GapMs:D6} {AnswerBytes:D8}]]");

    /// <summary>Writes another id into a text that has a mark at <paramref name="at"/>.</summary>
    public static void Renumber(Span<byte> text, int at, long id)
    {
        Span<byte> digits = text.Slice(at + Opening.Length, 12);
        for (int i = digits.Length - 1; i >= 0; i--, id /= 10)
        {
            digits[i] = (byte)('0' + (id % 10));
        }
    }

    /// <summary>Where the first mark of a text begins; -1: nowhere.</summary>
    public static int Find(ReadOnlySpan<byte> text) => text.IndexOf(Opening);

    /// <exception cref="FormatException">There is none.</exception>
    public static CallMark Read(ReadOnlySpan<byte> text)
    {
        int at = Find(text);
        if (at < 0 || text.Length < at + Length)
        {
            throw new FormatException("The request has no mark.");
        }

        ReadOnlySpan<byte> columns = text.Slice(at + Opening.Length, Length - 4);
        return new CallMark(Number(columns[..12]), (int)Number(columns.Slice(13, 6)), (int)Number(columns.Slice(20, 6)), (int)Number(columns.Slice(27, 8)));
    }

    private static long Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long number, out int read) && read == digits.Length ? number : throw new FormatException($"'{Encoding.ASCII.GetString(digits)}' is no number.");
}
