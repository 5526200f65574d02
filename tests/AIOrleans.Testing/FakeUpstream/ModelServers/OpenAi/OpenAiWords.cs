namespace AIOrleans.Testing.ModelServers;

/// <summary>OpenAI's complaints.</summary>
internal sealed class OpenAiWords : IWireWords
{
    public const string Invalid = "invalid_request_error";

    public static OpenAiWords Instance { get; } = new();

    public bool TakesSnakeCase => false;

    public string At(string path, int index) => $"{path}[{index}]";

    public WireRefusalException NoJson(string reason) => Refuse("We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly.)");

    public WireRefusalException Unknown(string owner, string name)
    {
        string path = owner.Length == 0 ? name : $"{owner}.{name}";
        return Refuse($"Unknown parameter: '{path}'.", path, "unknown_parameter");
    }

    public WireRefusalException Missing(string path) => Refuse($"Missing required parameter: '{path}'.", path, "missing_required_parameter");

    public WireRefusalException WrongType(string path, string expected, string got) =>
        Refuse($"Invalid type for '{path}': expected {expected}, but got {got} instead.", path, "invalid_type");

    public WireRefusalException BadValue(string path, string reason) => Refuse($"Invalid value for '{path}': {reason}.", path, "invalid_value");

    public static WireRefusalException Refuse(string message, string? param = null, string? code = null) => new(400, Invalid, message, param, code);
}
