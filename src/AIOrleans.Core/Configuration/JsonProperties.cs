using System.Text.Json;

namespace AIOrleans.Core.Configuration;

/// <summary>The properties of one JSON object by name, each once.</summary>
internal sealed class JsonProperties
{
    /// <summary>Most properties that are compared each with each; more are looked up.</summary>
    private const int ComparedMax = 16;

    private readonly (string Name, JsonElement Value)[] properties;
    private readonly Dictionary<string, JsonElement>? many;

    /// <summary>How many of <see cref="properties"/> there are.</summary>
    private int count;

    /// <param name="room">How many there will be at most.</param>
    public JsonProperties(int room)
    {
        properties = room == 0 ? [] : new (string, JsonElement)[room];
        many = room > ComparedMax ? new Dictionary<string, JsonElement>(room, StringComparer.Ordinal) : null;
    }

    /// <summary>All names, in order.</summary>
    public IEnumerable<string> Names => properties.Take(count).Select(property => property.Name);

    /// <returns>False when the name is there already.</returns>
    public bool TryAdd(string name, JsonElement value)
    {
        if (many?.TryAdd(name, value) ?? !TryFind(name, out _))
        {
            properties[count++] = (name, value);
            return true;
        }

        return false;
    }

    public bool TryFind(string name, out JsonElement value)
    {
        if (many is not null)
        {
            return many.TryGetValue(name, out value);
        }

        for (int i = 0; i < count; i++)
        {
            if (properties[i].Name == name)
            {
                value = properties[i].Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
