namespace AIOrleans.Host.Commands;

/// <summary>The words and options behind a command's name. What is not known is a mistake, never ignored.</summary>
/// <param name="Mistake">What is wrong, in words; null when nothing is.</param>
internal sealed record CommandLine(IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Options, IReadOnlySet<string> Flags, string? Mistake)
{
    /// <summary>Options of the process that every command takes: where the store is.</summary>
    private const string StorePrefix = "--Storage:";

    /// <param name="options">Names that take a value.</param>
    /// <param name="flags">Names that take none.</param>
    public static CommandLine Read(IEnumerable<string> arguments, IReadOnlyCollection<string> options, IReadOnlyCollection<string> flags)
    {
        var words = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var set = new HashSet<string>(StringComparer.Ordinal);
        string? mistake = null;
        using IEnumerator<string> left = arguments.GetEnumerator();
        while (mistake is null && left.MoveNext())
        {
            string argument = left.Current;
            (string name, string? value) = argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && argument.StartsWith("--", StringComparison.Ordinal)
                ? (argument[..at], argument[(at + 1)..])
                : (argument, null);
            if (!name.StartsWith('-') || name.Length == 1)
            {
                words.Add(argument);
            }
            else if (flags.Contains(name) && value is null)
            {
                set.Add(name);
            }
            else if (!options.Contains(name) && !name.StartsWith(StorePrefix, StringComparison.OrdinalIgnoreCase))
            {
                mistake = flags.Contains(name) ? $"'{name}' takes no value." : $"There is no option '{name}'. Known here: {string.Join(", ", options.Concat(flags))}.";
            }
            else if ((value ?? (left.MoveNext() ? left.Current : null)) is not { Length: > 0 } given || (value is null && given.StartsWith("--", StringComparison.Ordinal)))
            {
                mistake = $"'{name}' needs a value.";
            }
            else if (!values.TryAdd(name, given))
            {
                mistake = $"'{name}' stands there twice.";
            }
        }

        return new CommandLine(words, values, set, mistake);
    }
}
