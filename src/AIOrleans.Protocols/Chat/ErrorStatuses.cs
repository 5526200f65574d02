namespace AIOrleans.Protocols.Chat;

/// <summary>The HTTP statuses that kinds of errors go with. Protocols that differ say where.</summary>
public static class ErrorStatuses
{
    public static int Of(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidRequest => 400,
        ErrorKind.Authentication => 401,
        ErrorKind.Billing => 402, // Not 429, which SDKs retry: no retry brings money.
        ErrorKind.Permission => 403,
        ErrorKind.NotFound => 404,
        ErrorKind.Conflict => 409,
        ErrorKind.TooLarge => 413,
        ErrorKind.Unprocessable => 422,
        ErrorKind.RateLimit => 429,
        ErrorKind.BadGateway => 502,
        ErrorKind.Overloaded => 503,
        ErrorKind.Timeout => 504,
        _ => 500,
    };
}
