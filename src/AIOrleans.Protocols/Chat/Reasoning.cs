namespace AIOrleans.Protocols.Chat;

/// <summary>How hard a model thinks, from least to most. The words of OpenAI and Anthropic together.</summary>
public enum Effort
{
    None,
    Minimal,
    Low,
    Medium,
    High,
    ExtraHigh,
    Max,
}

/// <summary>How much the model may think. Protocols count in words or in tokens: the client's own is kept, the other follows from one table.</summary>
public sealed record Reasoning
{
    /// <summary>The word; null where the client gave tokens, or left it to the model.</summary>
    public Effort? Effort { get; init; }

    /// <summary>Most tokens of thinking; 0: do not think; null: not bounded in tokens.</summary>
    public long? BudgetTokens { get; init; }

    /// <summary>True when the thoughts should be shown; null: not said.</summary>
    public bool? Show { get; init; }

    /// <summary>True when the client forbade thinking.</summary>
    public bool IsOff => BudgetTokens == 0 || Effort == Chat.Effort.None;

    /// <summary>The word that is nearest; null: left to the model.</summary>
    public Effort? ToEffort() => Effort ?? BudgetTokens switch
    {
        null => null,
        0 => Chat.Effort.None,
        <= 1024 => Chat.Effort.Low,
        <= 8192 => Chat.Effort.Medium,
        _ => Chat.Effort.High,
    };

    /// <summary>The tokens that are nearest; null: left to the model.</summary>
    // Source: Google's table for OpenAI clients (ai.google.dev, "OpenAI compatibility"): low 1 024, medium 8 192, high 24 576.
    public long? ToBudget() => BudgetTokens ?? Effort switch
    {
        null => null,
        Chat.Effort.None => 0,
        Chat.Effort.Minimal or Chat.Effort.Low => 1024,
        Chat.Effort.Medium => 8192,
        Chat.Effort.High => 24_576,
        _ => 32_768,
    };
}
