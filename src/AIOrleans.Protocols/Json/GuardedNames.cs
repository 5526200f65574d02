using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Json;

/// <summary>Refuses members whose names differ from known ones by case alone: upstreams that match without case would take them for those.</summary>
internal static class GuardedNames
{
    /// <summary>Looks at every member of <paramref name="owner"/>.</summary>
    public static void Check(JsonElement owner, string[] guarded, RequestReading reading)
    {
        foreach (JsonProperty member in owner.EnumerateObject())
        {
            Check(member.Name, guarded, reading);
        }
    }

    public static void Check(string name, string[] guarded, RequestReading reading)
    {
        // Go's decoder also takes the long s for s and the Kelvin sign for k.
        string folded = name.Replace('\u017F', 's').Replace('\u212A', 'k');
        if (Array.Find(guarded, one => one.Equals(folded, StringComparison.OrdinalIgnoreCase)) is { } meant && meant != name)
        {
            reading.Fail(RequestMistake.Misspelt(meant));
        }
    }
}
