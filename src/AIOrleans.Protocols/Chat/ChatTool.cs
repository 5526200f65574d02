using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>A function that the model may ask the client to call.</summary>
/// <param name="Schema">JSON schema of its arguments; null: takes none.</param>
/// <param name="Strict">True when the arguments must match the schema exactly; null: not said.</param>
/// <param name="Path">Where it stands in the client's body, e.g. <c>tools[0]</c>.</param>
public sealed record ChatTool(string Name, string? Description, RawJson? Schema, bool? Strict, string Path)
{
    public CacheMark Cache { get; init; }
}

/// <summary>Whether the model may, must or must not call tools.</summary>
public enum ToolUse
{
    Auto,
    None,
    Required,

    /// <summary>The one of <see cref="ToolChoice.Name"/>.</summary>
    Named,
}

/// <summary>Which tools the model should call.</summary>
/// <param name="Name">Set for <see cref="ToolUse.Named"/>, else null.</param>
public sealed record ToolChoice(ToolUse Use, string? Name = null);
