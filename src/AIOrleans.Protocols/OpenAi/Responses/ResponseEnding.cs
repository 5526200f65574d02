using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>How a response stands.</summary>
/// <param name="Status"><c>in_progress</c>, <c>completed</c>, <c>incomplete</c> or <c>failed</c>.</param>
/// <param name="Reason">Why it is incomplete, else null.</param>
/// <param name="Error">Why it failed, else null.</param>
internal sealed record ResponseEnding(string Status, string? Reason = null, OpenAiError? Error = null)
{
    public static ResponseEnding InProgress { get; } = new("in_progress");

    public static ResponseEnding Completed { get; } = new("completed");

    /// <summary>What is said of the item that was being written at the end.</summary>
    public string ItemStatus => Status == "completed" ? Status : "incomplete";

    /// <param name="hasRefused">True when the model said in words that it declines, which completes a response.</param>
    public static ResponseEnding Of(StopReason stop, bool hasRefused) => stop switch
    {
        StopReason.MaxTokens => new ResponseEnding("incomplete", "max_output_tokens"),
        StopReason.Refusal when !hasRefused => new ResponseEnding("incomplete", "content_filter"),
        StopReason.Failed => new ResponseEnding("failed", null, new OpenAiError("The model failed to finish its answer.", OpenAiError.ServerError, null, OpenAiError.ServerError)),
        _ => Completed,
    };
}
