using AIOrleans.Identity.Tokens;
using AIOrleans.Testing.Issuers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tests.Tokens;

public sealed class VerifiedTokensTests
{
    private static readonly SigningKey Key = SigningKey.Curve();

    [Fact]
    public void A_token_is_found_by_all_of_its_text()
    {
        VerifiedTokens tokens = Of(100);
        VerifiedToken token = Token();
        tokens.Keep(VerifiedTokens.HashOf("eyJ.a.b"), token);

        Assert.Same(token, tokens.Find(VerifiedTokens.HashOf("eyJ.a.b")));
        Assert.Null(tokens.Find(VerifiedTokens.HashOf("eyJ.a.c")));
    }

    [Fact]
    public void Those_that_are_used_outlast_those_that_are_not_and_there_are_never_too_many()
    {
        VerifiedTokens tokens = Of(100);
        tokens.Keep(VerifiedTokens.HashOf("used"), Token());
        for (int i = 0; i < 1000; i++)
        {
            tokens.Keep(VerifiedTokens.HashOf($"t{i}"), Token());
            Assert.NotNull(tokens.Find(VerifiedTokens.HashOf("used")));
        }

        Assert.InRange(Enumerable.Range(0, 1000).Count(i => tokens.Find(VerifiedTokens.HashOf($"t{i}")) is not null), 1, 100);
    }

    [Fact]
    public void None_are_kept_where_none_may_be()
    {
        VerifiedTokens tokens = Of(0);
        tokens.Keep(VerifiedTokens.HashOf("t"), Token());

        Assert.Null(tokens.Find(VerifiedTokens.HashOf("t")));
    }

    private static VerifiedTokens Of(int max) => new(Options.Create(new JwtOptions { CachedTokensMax = max }));

    private static VerifiedToken Token()
    {
        var keys = new IssuerKeys("corp", _ => Task.FromResult(""), new JwtOptions(), TimeProvider.System, NullLogger.Instance);
        return new VerifiedToken(
            new TrustedIssuer("corp", new JwtIssuerOptions(), keys), KeySet.Read(KeySetTests.Set(Key.Jwk())), DateTimeOffset.MaxValue, null, null, null);
    }
}
