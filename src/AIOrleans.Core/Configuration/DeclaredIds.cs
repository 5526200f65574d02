namespace AIOrleans.Core.Configuration;

/// <summary>The ids of one list: each may stand once, and others may refer to them.</summary>
/// <param name="what">What the ids name, for messages: <c>team</c>.</param>
internal sealed class DeclaredIds(string what)
{
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    /// <summary>Notes the id that stands at <paramref name="property"/> of <paramref name="owner"/>.</summary>
    public void Declare(ObjectReader owner, string property, string id)
    {
        if (id != Names.Unknown && !ids.Add(id))
        {
            owner.Report(property, $"{Names.Quoted(id)} is the id of another {what} already.");
        }
    }

    /// <summary>Reports a reference to an id that nobody declared; null refers to nothing.</summary>
    /// <param name="property">Of <paramref name="place"/>; null when the reference stands there itself.</param>
    public void Require(string? id, JsonPlace place, string? property, MistakeList mistakes)
    {
        if (id is not null && id != Names.Unknown && !ids.Contains(id))
        {
            mistakes.Add((property is null ? place : place.Property(property)).ToString(), $"names the {what} {Names.Quoted(id)}, which does not exist.{NameSuggestion.For(id, ids)}");
        }
    }
}
