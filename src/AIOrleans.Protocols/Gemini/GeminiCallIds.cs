using System.Globalization;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Gives ids to function calls that have none: Gemini matches an answer to its call by the function's name and by order, the others by id.</summary>
/// <param name="prefix">What every id begins with; letters, digits, <c>_</c> and <c>-</c>.</param>
internal sealed class GeminiCallIds(string prefix)
{
    /// <summary>Calls without an answer yet, oldest first.</summary>
    private readonly List<(string Id, string Name)> open = [];
    private int count;

    /// <summary>The id of a call.</summary>
    /// <param name="given">Its own; null: none.</param>
    public string OfCall(string? given, string name)
    {
        string id = string.IsNullOrEmpty(given) ? string.Create(CultureInfo.InvariantCulture, $"{prefix}_{count}") : given;
        count++;
        open.Add((id, name));
        return id;
    }

    /// <summary>The id of the call that an answer belongs to; one of its own when there was no such call.</summary>
    public string OfAnswer(string? given, string name)
    {
        int at = open.FindIndex(call => string.IsNullOrEmpty(given) ? call.Name == name : call.Id == given);
        if (at < 0)
        {
            return string.IsNullOrEmpty(given) ? string.Create(CultureInfo.InvariantCulture, $"{prefix}_unasked_{count++}") : given;
        }

        string id = open[at].Id;
        open.RemoveAt(at);
        return id;
    }

    /// <summary>A prefix made of a foreign id, so that calls of two answers never share an id.</summary>
    public static string PrefixOf(string? answerId)
    {
        string kept = string.Concat((answerId ?? "").Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-').Take(32));
        return kept.Length == 0 ? "call" : $"call_{kept}";
    }
}
