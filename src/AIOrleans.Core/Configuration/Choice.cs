namespace AIOrleans.Core.Configuration;

/// <summary>A closed set of words in JSON and the values they stand for.</summary>
internal sealed class Choice<T>(params (string Word, T Value)[] words)
    where T : struct
{
    /// <summary>The value of the word at <paramref name="name"/>; null when absent or reported.</summary>
    public T? Read(ObjectReader reader, string name, bool required = false)
    {
        if (reader.Text(name, required) is not { } text)
        {
            return null;
        }

        foreach ((string word, T value) in words)
        {
            if (word == text)
            {
                return value;
            }
        }

        IEnumerable<string> allowed = words.Select(w => w.Word);
        reader.Report(name, $"must be one of {string.Join(", ", allowed)}, not {Names.Quoted(text)}.{NameSuggestion.For(text, allowed)}");
        return null;
    }

    public string WordOf(T value) => Array.Find(words, w => EqualityComparer<T>.Default.Equals(w.Value, value)).Word;
}
