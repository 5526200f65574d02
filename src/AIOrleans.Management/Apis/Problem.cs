using AIOrleans.Core.Denials;
using AIOrleans.Identity;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Management.Apis;

/// <summary>Errors of the management API: RFC 9457 problem details whose <c>detail</c> says what to change.</summary>
internal static class Problem
{
    public static IResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, "The request is not valid", detail);

    public static IResult Unauthorized(HttpResponse response) =>
        Unauthorized(response, denial: null, "No admin key", "Send 'Authorization: Bearer' with an admin key: the one printed at the first start, or one of the configuration's admins; or with an admin's token, where issuers are configured.");

    /// <summary>A token that is no admin's, or cannot be told to be.</summary>
    public static IResult OfToken(Denial denial, HttpResponse response) => denial switch
    {
        Denial.IssuerUnavailable => Of(StatusCodes.Status503ServiceUnavailable, "The token cannot be checked", DenialText.Of(denial)),
        Denial.TokenRefused { Fault: TokenFault.Unmapped } => Of(StatusCodes.Status403Forbidden, "No admin", DenialText.Of(denial)),
        _ => Unauthorized(response, denial, "The token is refused", DenialText.Of(denial)),
    };

    public static IResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, "Not found", detail);

    public static IResult Conflict(string detail) => Of(StatusCodes.Status409Conflict, "Conflict", detail);

    public static IResult TooLarge(string detail) => Of(StatusCodes.Status413PayloadTooLarge, "The body is too large", detail);

    public static IResult Unavailable(string detail) => Of(StatusCodes.Status503ServiceUnavailable, "The store cannot be reached", detail);

    public static IResult Unreachable() =>
        Of(StatusCodes.Status503ServiceUnavailable, "A silo cannot be reached", "The process that kept what you asked for has gone, and another one takes over within seconds. Try again.");

    public static IResult Stale() => Of(
        StatusCodes.Status503ServiceUnavailable,
        "Changes cannot be heard of",
        "This process does not know whether your key is still an admin's, because its store does not answer. Ask another one, or try again.");

    private static IResult Unauthorized(HttpResponse response, Denial? denial, string title, string detail)
    {
        response.Headers.WWWAuthenticate = Challenge.Of(denial);
        return Of(StatusCodes.Status401Unauthorized, title, detail);
    }

    private static IResult Of(int status, string title, string detail) => Results.Problem(detail, statusCode: status, title: title);
}
