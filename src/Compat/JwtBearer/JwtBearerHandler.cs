using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>Authenticates by the JSON Web Token of a request. A token that does not hold is a failure with the exception that says why.</summary>
public class JwtBearerHandler(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<JwtBearerOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var received = new MessageReceivedContext(Context, Scheme, Options);
        await Options.Events.MessageReceived(received);
        string? token = string.IsNullOrEmpty(received.Token) ? OfHeader() : received.Token;
        return string.IsNullOrEmpty(token) ? AuthenticateResult.NoResult() : Validate(token);
    }

    private string? OfHeader()
    {
        string authorization = Request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    private AuthenticateResult Validate(string token)
    {
        try
        {
            JsonWebToken read = JsonWebToken.Read(token);
            TokenValidator.Validate(read, Options.TokenValidationParameters, TimeProvider.GetUtcNow());

            // The package's principal has the claims; the product reads them from the token that holds.
            var principal = new ClaimsPrincipal(new ClaimsIdentity(Scheme.Name));
            var properties = new AuthenticationProperties { ExpiresUtc = read.ValidTo, IssuedUtc = read.ValidFrom == default ? null : read.ValidFrom };
            return AuthenticateResult.Success(new AuthenticationTicket(principal, properties, Scheme.Name));
        }
        catch (Exception exception) when (exception is SecurityTokenException or SecurityTokenArgumentException)
        {
            return AuthenticateResult.Fail(exception);
        }
    }
}
