namespace AIOrleans.Protocols.OpenAi;

/// <summary>The inside of an OpenAI error body; <c>message</c> and <c>type</c> are never null because clients require them.</summary>
/// <param name="Message">For the developer of the client.</param>
/// <param name="Type"><c>invalid_request_error</c>, <c>requests</c>, <c>tokens</c>, <c>insufficient_quota</c>, <c>server_error</c>, …</param>
/// <param name="Param">The request member at fault, e.g. <c>messages[0].role</c>.</param>
/// <param name="Code">Stable word for programs, e.g. <c>model_not_found</c>.</param>
public sealed record OpenAiError(string Message, string Type, string? Param = null, string? Code = null)
{
    public const string InvalidRequest = "invalid_request_error";

    public const string ServerError = "server_error";
}
