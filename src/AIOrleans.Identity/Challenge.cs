using AIOrleans.Core.Denials;

namespace AIOrleans.Identity;

/// <summary>The header <c>WWW-Authenticate</c> of a refusal.</summary>
// Source: RFC 6750 §3.
public static class Challenge
{
    private const string Bearer = "Bearer";

    /// <param name="denial">Null, or one that is no token's: nothing usable was presented.</param>
    public static string Of(Denial? denial) =>
        denial is Denial.TokenRefused ? $"{Bearer} error=\"invalid_token\", error_description=\"{denial.Code}\"" : Bearer;
}
