using System.Text.Json;
using System.Text.Json.Serialization;

namespace AIOrleans.Management.Apis;

/// <summary>How the management API writes JSON: camel case, absent instead of null.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
