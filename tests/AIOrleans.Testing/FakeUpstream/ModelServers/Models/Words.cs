namespace AIOrleans.Testing.ModelServers;

/// <summary>The tokens of these models: one for each word, so that a test can count them.</summary>
public static class Words
{
    /// <summary>Of an image, a file or a sound, whatever its size.</summary>
    public const int TokensOfMedia = 85;

    /// <summary>Tokens of a text.</summary>
    public static long Count(string text) => Split(text).Count;

    /// <summary>The pieces in which a text is streamed, each with the white space before it; together they are the text.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> pieces = [];
        int start = 0;
        while (start < text.Length)
        {
            int end = start;
            while (end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            if (string.IsNullOrWhiteSpace(text[start..end]) && pieces.Count > 0)
            {
                pieces[^1] += text[start..end];
            }
            else
            {
                pieces.Add(text[start..end]);
            }

            start = end;
        }

        return pieces;
    }

    /// <summary>The first pieces of a text.</summary>
    public static string Cut(string text, long tokens) => string.Concat(Split(text).Take((int)Math.Min(tokens, int.MaxValue)));
}
