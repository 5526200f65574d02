namespace AIOrleans.Testing.ModelServers;

/// <summary>Bedrock's complaints.</summary>
internal sealed class BedrockWords : IWireWords
{
    public const string Invalid = "ValidationException";

    public static BedrockWords Instance { get; } = new();

    public bool TakesSnakeCase => false;

    public string At(string path, int index) => $"{path}.{index + 1}.member";

    public WireRefusalException NoJson(string reason) => new(400, "SerializationException", reason);

    public WireRefusalException Unknown(string owner, string name) => Refuse($"The model returned the following errors: {(owner.Length == 0 ? name : $"{owner}.{name}")}: Extra inputs are not permitted");

    public WireRefusalException Missing(string path) => Refuse($"1 validation error detected: Value at '{path}' failed to satisfy constraint: Member must not be null");

    public WireRefusalException WrongType(string path, string expected, string got) => new(400, "SerializationException", $"Expected {expected} at '{path}', not {got}");

    public WireRefusalException BadValue(string path, string reason) => Refuse($"1 validation error detected: Value at '{path}' failed to satisfy constraint: {reason}");

    public static WireRefusalException BadCount(string path) => Instance.BadValue(path, "Member must have length greater than or equal to 1");

    public static WireRefusalException Refuse(string message) => new(400, Invalid, message);
}
