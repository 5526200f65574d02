namespace AIOrleans.Protocols.Chat;

/// <summary>Why the model stopped.</summary>
public enum StopReason
{
    /// <summary>It had said everything.</summary>
    EndTurn,

    /// <summary>The bound on output, or the context, is full.</summary>
    MaxTokens,

    /// <summary>It wrote a stop sequence.</summary>
    StopSequence,

    /// <summary>It waits for tools.</summary>
    ToolUse,

    /// <summary>It declined, or a filter of the provider cut it off.</summary>
    Refusal,

    /// <summary>It wants to go on: the client sends the answer back as it is.</summary>
    Pause,

    /// <summary>It failed in its own way, e.g. by a malformed tool call.</summary>
    Failed,
}

/// <summary>The words of every protocol for <see cref="StopReason"/>; the only place that has them.</summary>
internal static class StopReasons
{
    public static StopReason OfOpenAi(string? word) => word switch
    {
        "length" => StopReason.MaxTokens,
        "tool_calls" or "function_call" => StopReason.ToolUse,
        "content_filter" => StopReason.Refusal,
        _ => StopReason.EndTurn,
    };

    public static string ToOpenAi(StopReason reason) => reason switch
    {
        StopReason.MaxTokens => "length",
        StopReason.ToolUse => "tool_calls",
        StopReason.Refusal => "content_filter",
        _ => "stop",
    };

    public static StopReason OfAnthropic(string? word) => word switch
    {
        "max_tokens" or "model_context_window_exceeded" => StopReason.MaxTokens,
        "stop_sequence" => StopReason.StopSequence,
        "tool_use" => StopReason.ToolUse,
        "refusal" => StopReason.Refusal,
        "pause_turn" => StopReason.Pause,
        _ => StopReason.EndTurn,
    };

    public static string ToAnthropic(StopReason reason) => reason switch
    {
        StopReason.MaxTokens => "max_tokens",
        StopReason.StopSequence => "stop_sequence",
        StopReason.ToolUse => "tool_use",
        StopReason.Refusal => "refusal",
        StopReason.Pause => "pause_turn",
        _ => "end_turn",
    };

    public static StopReason OfBedrock(string? word) => word switch
    {
        "max_tokens" or "model_context_window_exceeded" => StopReason.MaxTokens,
        "stop_sequence" => StopReason.StopSequence,
        "tool_use" => StopReason.ToolUse,
        "guardrail_intervened" or "content_filtered" or "refusal" => StopReason.Refusal,
        "malformed_model_output" or "malformed_tool_use" => StopReason.Failed,
        _ => StopReason.EndTurn,
    };

    public static StopReason OfGemini(string? word) => word switch
    {
        "MAX_TOKENS" => StopReason.MaxTokens,
        "SAFETY" or "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR"
            or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => StopReason.Refusal,
        "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" or "MALFORMED_RESPONSE" or "MISSING_THOUGHT_SIGNATURE"
            or "NO_IMAGE" or "IMAGE_OTHER" or "OTHER" => StopReason.Failed,
        _ => StopReason.EndTurn,
    };

    public static string ToGemini(StopReason reason) => reason switch
    {
        StopReason.MaxTokens => "MAX_TOKENS",
        StopReason.Refusal => "SAFETY",
        StopReason.Failed => "OTHER",
        _ => "STOP",
    };
}
