namespace AIOrleans.Testing.ModelServers;

/// <summary>Anthropic's complaints.</summary>
internal sealed class AnthropicWords : IWireWords
{
    public const string Invalid = "invalid_request_error";

    public static AnthropicWords Instance { get; } = new();

    public bool TakesSnakeCase => false;

    public string At(string path, int index) => $"{path}.{index}";

    public WireRefusalException NoJson(string reason) => Refuse($"The request body is not valid JSON: {reason}");

    public WireRefusalException Unknown(string owner, string name) => Refuse($"{(owner.Length == 0 ? name : $"{owner}.{name}")}: Extra inputs are not permitted");

    public WireRefusalException Missing(string path) => Refuse($"{path}: Field required");

    public WireRefusalException WrongType(string path, string expected, string got) => Refuse($"{path}: Input should be {expected.Replace("an object", "a valid dictionary", StringComparison.Ordinal)}");

    public WireRefusalException BadValue(string path, string reason) => Refuse($"{path}: {reason}");

    public static WireRefusalException Refuse(string message) => new(400, Invalid, message);
}
