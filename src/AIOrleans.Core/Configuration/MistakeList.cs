namespace AIOrleans.Core.Configuration;

/// <summary>Collects every mistake of one configuration, in the order found.</summary>
internal sealed class MistakeList
{
    /// <summary>Most mistakes kept: a file of another kind altogether must not fill the memory or the terminal.</summary>
    public const int CountMax = 1000;

    private readonly List<ConfigMistake> mistakes = [];
    private int dropped;

    public int Count => mistakes.Count + dropped;

    public void Add(string path, string message)
    {
        if (mistakes.Count < CountMax)
        {
            mistakes.Add(new ConfigMistake(path, message));
        }
        else
        {
            dropped++;
        }
    }

    /// <summary>All of them; the last line says how many were too many to list.</summary>
    public IReadOnlyList<ConfigMistake> ToList() =>
        dropped == 0 ? [.. mistakes] : [.. mistakes, new ConfigMistake("$", $"has {dropped} more mistakes; mend these first.")];
}
