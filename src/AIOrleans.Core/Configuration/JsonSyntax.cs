using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AIOrleans.Core.Configuration;

/// <summary>Says where a text stops being JSON.</summary>
internal static class JsonSyntax
{
    /// <summary>The mistake with line and column, both from 1, columns in characters.</summary>
    public static ConfigMistake MistakeOf(string json, JsonException exception)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return new ConfigMistake(JsonPath.Root, "is empty; the smallest configuration is {}.");
        }

        int line = (int)(exception.LineNumber ?? 0);
        int column = CharsBefore(json, line, (int)(exception.BytePositionInLine ?? 0));
        string where = string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, column {column + 1}");
        return new ConfigMistake(JsonPath.Root, $"is not valid JSON at {where}: {ReasonOf(exception)}");
    }

    // The parser ends its messages with the position, which is said better here, and quotes a misspelt word, which may be a secret without its quotes.
    private static string ReasonOf(JsonException exception)
    {
        string message = exception.Message;
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string reason = position < 0 ? message : message[..position];
        return reason.Contains("invalid JSON literal", StringComparison.Ordinal) ? "a value is no number, true, false or null; text needs quotes." : reason;
    }

    private static int CharsBefore(string json, int line, int bytes)
    {
        int start = 0;
        for (int i = 0; i < line; i++)
        {
            int end = json.IndexOf('\n', start);
            if (end < 0)
            {
                return 0;
            }

            start = end + 1;
        }

        int chars = 0;
        foreach (Rune rune in json.AsSpan(start).EnumerateRunes())
        {
            if (bytes < rune.Utf8SequenceLength)
            {
                break;
            }

            bytes -= rune.Utf8SequenceLength;
            chars += rune.Utf16SequenceLength;
        }

        return chars;
    }
}
