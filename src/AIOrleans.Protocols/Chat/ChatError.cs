namespace AIOrleans.Protocols.Chat;

/// <summary>What kind of failure an error body tells, whatever the protocol calls it.</summary>
public enum ErrorKind
{
    InvalidRequest,
    Authentication,
    Billing,
    Permission,
    NotFound,
    Conflict,
    TooLarge,
    Unprocessable,
    RateLimit,
    Internal,
    BadGateway,
    Overloaded,
    Timeout,
}

/// <summary>The inside of an error body in no protocol's words.</summary>
/// <param name="Message">For the developer of the client; never empty.</param>
/// <param name="Param">The request's field at fault; null: none.</param>
/// <param name="Code">Stable word for programs; null: none.</param>
public sealed record ChatError(ErrorKind Kind, string Message, string? Param = null, string? Code = null)
{
    /// <summary>Characters kept of any string of a foreign error: it ends up in logs and answers.</summary>
    public const int TextLengthMax = 2048;

    /// <summary>The error of a body that cannot be served.</summary>
    public static ChatError Of(RequestMistake mistake) => new(ErrorKind.InvalidRequest, mistake.Message, mistake.Param, mistake.Code);
}
