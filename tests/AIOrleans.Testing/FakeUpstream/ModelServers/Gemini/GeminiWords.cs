namespace AIOrleans.Testing.ModelServers;

/// <summary>Google's complaints.</summary>
internal sealed class GeminiWords : IWireWords
{
    public static GeminiWords Instance { get; } = new();

    public bool TakesSnakeCase => true;

    public string At(string path, int index) => $"{path}[{index}]";

    public WireRefusalException NoJson(string reason) => Refuse($"Invalid JSON payload received. {reason}");

    public WireRefusalException Unknown(string owner, string name) => Refuse(owner.Length == 0
        ? $"Invalid JSON payload received. Unknown name \"{name}\": Cannot find field."
        : $"Invalid JSON payload received. Unknown name \"{name}\" at '{Snake(owner)}': Cannot find field.");

    public WireRefusalException Missing(string path) => Refuse($"* GenerateContentRequest.{Snake(path)}: {Snake(path)} is not specified\n");

    public WireRefusalException WrongType(string path, string expected, string got) => Refuse($"Invalid value at '{Snake(path)}': expected {expected}, got {got}");

    public WireRefusalException BadValue(string path, string reason) => Refuse($"Invalid value at '{Snake(path)}': {reason}");

    public static WireRefusalException Refuse(string message) => new(400, "INVALID_ARGUMENT", message);

    private static string Snake(string path) => string.Concat(path.Select(letter => char.IsAsciiLetterUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
