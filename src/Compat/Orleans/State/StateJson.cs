using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Compat.State;

/// <summary>How records are written: plain JSON with the names of the members, never of CLR types.</summary>
internal static class StateJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    internal static string Write<T>(T? state) => JsonSerializer.Serialize(state, Options);

    internal static T? Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options);
}
