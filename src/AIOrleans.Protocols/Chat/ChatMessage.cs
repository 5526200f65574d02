using System.Collections.Immutable;

namespace AIOrleans.Protocols.Chat;

/// <summary>Who speaks.</summary>
public enum ChatRole
{
    System,
    Developer,
    User,
    Assistant,

    /// <summary>Results of tools; holds <see cref="ChatPart.ToolResult"/> only.</summary>
    Tool,
}

/// <summary>One turn of a conversation.</summary>
/// <param name="Path">Where it stands in the client's body, e.g. <c>messages[0]</c>.</param>
public sealed record ChatMessage(ChatRole Role, ImmutableArray<ChatPart> Parts, string Path)
{
    /// <summary>The participant's name, where the client gives one.</summary>
    public string? Name { get; init; }
}
