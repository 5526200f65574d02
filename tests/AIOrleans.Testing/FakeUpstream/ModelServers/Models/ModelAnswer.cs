using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary>What a model answered, in no wire's words.</summary>
internal sealed record ModelAnswer
{
    /// <summary>Null: it did not think.</summary>
    public string? Thought { get; init; }

    /// <summary>Empty when it only calls tools.</summary>
    public required string Text { get; init; }

    public IReadOnlyList<AnsweredCall> Calls { get; init; } = [];

    public required AnswerEnd End { get; init; }

    /// <summary>The stop sequence that ended the answer; null: none did.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>Exact: what the answer is billed for.</summary>
    public required TokenUsage Usage { get; init; }
}

/// <summary>A tool call that a model makes.</summary>
/// <param name="Arguments">JSON text of an object.</param>
internal sealed record AnsweredCall(string Name, string Arguments);

/// <summary>Why an answer ended.</summary>
internal enum AnswerEnd
{
    Done,
    TooLong,
    StopSequence,
    Tools,
}
