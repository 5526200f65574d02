using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Tests.Directory;
using AIOrleans.Identity.Tokens;
using AIOrleans.Testing;
using AIOrleans.Testing.Issuers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tests.Tokens;

/// <summary>Tokens of an issuer whose keys are in a file, for the user of the demo tenant.</summary>
public sealed class TokenCallersTests : IDirectory, IDisposable
{
    private static readonly SigningKey Key = SigningKey.Curve("one");
    private static readonly SigningKey Other = SigningKey.Curve("two");

    // The genuine package looks at the clock of the machine.
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private readonly TestVault vault = new();
    private readonly string path = Path.GetTempFileName();
    private readonly ServiceProvider services;
    private long revision;

    public TokenCallersTests()
    {
        Publish(Key);
        Put([.. DirectoryDefaults.Records(new Secret("sk-demo"), new Secret("sk-root"), vault)]);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Jwt:Issuers:batch:KeysFile"] = path, ["Jwt:Issuers:batch:Issuer"] = "batch", ["Jwt:Issuers:batch:Audience"] = $"other, {TestIssuer.Audience}",
            ["Jwt:Issuers:batch:Tenant"] = "demo", ["Jwt:Issuers:batch:OrgClaim"] = "org", ["Jwt:Issuers:batch:UserClaim"] = "name",
            ["Jwt:Issuers:batch:AdminClaim"] = "roles", ["Jwt:Issuers:batch:AdminValue"] = "admin",
            ["Authentication:Schemes:jwt:batch:ValidAudiences:0"] = "sneaked-in",
        }).Build();
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton(configuration);
        collection.AddSingleton<TimeProvider>(clock);
        collection.AddSingleton<ISecretVault>(vault);
        collection.AddSingleton<IDirectory>(this);
        collection.AddScoped<IAuthenticationService, CountingService>();
        collection.AddSingleton<SignatureCount>();
        collection.AddAIOrleansIdentity(configuration);
        services = collection.BuildServiceProvider();
    }

    public DirectorySnapshot Current { get; private set; } = DirectorySnapshot.Empty;

    private int SignaturesChecked => services.GetRequiredService<SignatureCount>().Value;

    public void Dispose()
    {
        services.Dispose();
        File.Delete(path);
    }

    [Fact]
    public async Task A_token_is_its_user_and_its_signature_is_checked_once()
    {
        string token = Token();

        Core.Callers.Caller first = await IdentifiedAsync(token);
        Core.Callers.Caller second = await IdentifiedAsync(token);

        Assert.Equal($"{DemoUser.RecordId}@batch", first.KeyId);
        Assert.Same(first, second);
        Assert.Equal(1, SignaturesChecked);
    }

    [Fact]
    public async Task A_key_is_told_from_a_token_and_costs_no_signature()
    {
        Assert.IsType<Identification.Identified>(await AskAsync("sk-demo"));
        Assert.Equal(IdentityRefusal.Unknown, Assert.IsType<Identification.Refused>(await AskAsync("sk-nobody.a.b")).Reason);
        Assert.Equal(IdentityRefusal.Missing, Assert.IsType<Identification.Refused>(await AskAsync(null)).Reason);
        Assert.Equal(0, SignaturesChecked);
    }

    [Fact]
    public async Task A_change_of_the_directory_is_seen_by_the_next_call_and_by_the_one_on_its_way()
    {
        string token = Token();
        Core.Callers.Caller caller = await IdentifiedAsync(token);

        Put(DirectoryJson.Write(DemoUser with { Access = new AccessConfig(false, null, null) }, vault));
        Assert.Equal(DemoUser.Account, (await IdentifiedAsync(token)).Suspended);
        Put(DirectoryJson.Tombstone(RecordKind.User, DemoUser.RecordId));

        Assert.Equal("token_unmapped", await CodeAsync(token));
        Assert.Equal("token_unmapped", CodeOf(services.GetRequiredService<RequestIdentity>().IdentifyAgain(caller)));
        Assert.Equal(1, SignaturesChecked);
    }

    [Fact]
    public async Task A_known_token_expires_when_it_says_so_and_a_little_later()
    {
        string token = Token();
        Core.Callers.Caller caller = await IdentifiedAsync(token);

        clock.Advance(TimeSpan.FromSeconds(610));
        await IdentifiedAsync(token);
        clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("token_expired", await CodeAsync(token));
        Assert.Equal("token_expired", CodeOf(services.GetRequiredService<RequestIdentity>().IdentifyAgain(caller)));
    }

    [Fact]
    public async Task A_key_that_was_withdrawn_ends_the_tokens_that_are_known()
    {
        string token = Token();
        await IdentifiedAsync(token);

        Publish(Other);
        await services.GetRequiredService<TrustedIssuers>().All.Single().Keys.RefreshAsync();

        Assert.Equal("token_key_unknown", await CodeAsync(token));
        Assert.Equal(1, SignaturesChecked);
    }

    [Fact]
    public async Task A_key_of_the_same_name_has_tokens_verified_again()
    {
        using var impostor = SigningKey.Curve("one");
        string token = Token();
        await IdentifiedAsync(token);

        Publish(impostor);
        await services.GetRequiredService<TrustedIssuers>().All.Single().Keys.RefreshAsync();

        Assert.Equal("token_signature_invalid", await CodeAsync(token));
    }

    [Theory]
    [InlineData("org", null)]
    [InlineData("org", "other")]
    [InlineData("name", null)]
    [InlineData("name", "")]
    [InlineData("name", "nobody")]
    public async Task A_token_that_names_nobody_is_refused(string claim, string? value)
    {
        string token = Token((claim, value));

        Assert.Equal("token_unmapped", await CodeAsync(token));
        Assert.Equal("token_unmapped", await CodeAsync(token));
        Assert.Equal(1, SignaturesChecked);
    }

    [Fact]
    public async Task Another_section_of_configuration_adds_no_audience() => Assert.Equal("token_audience_wrong", await CodeAsync(Token(("aud", "sneaked-in"))));

    [Fact]
    public async Task Tokens_that_do_not_hold_are_not_remembered()
    {
        string token = Token(("aud", "nobody"));

        Assert.Equal("token_audience_wrong", await CodeAsync(token));
        Assert.Equal("token_audience_wrong", await CodeAsync(token));
        Assert.Equal(2, SignaturesChecked);
    }

    [Theory]
    [InlineData("admin", "batch:dev")]
    [InlineData("Admin", null)]
    [InlineData("admin2", null)]
    public async Task Only_the_value_makes_an_admin(string role, string? admin)
    {
        AdminIdentification identification = await services.GetRequiredService<RequestIdentity>().IdentifyAdminAsync(Http(Token(("roles", new[] { "user", role }))));

        Assert.Equal(admin, (identification as AdminIdentification.Identified)?.AdminId);
    }

    private UserConfig DemoUser => Assert.Single(Current.Users.Values);

    private static string? CodeOf(Identification identification) => (identification as Identification.TokenDenied)?.Denial.Code;

    private string Token(params (string Name, object? Value)[] claims) =>
        Key.Token(TestIssuer.Payload("batch", [("org", "main"), ("name", "dev"), .. claims]));

    private void Publish(SigningKey key) => File.WriteAllText(path, KeySetTests.Set(key.Jwk()));

    private void Put(params DirectoryRecord[] records) =>
        Current = Current.With([.. records.Select(record => record with { Revision = ++revision })], vault);

    private DefaultHttpContext Http(string? presented)
    {
        var http = new DefaultHttpContext { RequestServices = services.CreateScope().ServiceProvider };
        if (presented is not null)
        {
            http.Request.Headers["x-api-key"] = presented;
        }

        return http;
    }

    private async Task<Identification> AskAsync(string? presented) => await services.GetRequiredService<RequestIdentity>().IdentifyAsync(Http(presented));

    private async Task<string?> CodeAsync(string token) => CodeOf(await AskAsync(token));

    private async Task<Core.Callers.Caller> IdentifiedAsync(string token) => Assert.IsType<Identification.Identified>(await AskAsync(token)).Caller;

    private sealed class SignatureCount
    {
        public int Value { get; set; }
    }

    private sealed class CountingService(
        SignatureCount count, IAuthenticationSchemeProvider schemes, IAuthenticationHandlerProvider handlers, IClaimsTransformation transform, IOptions<AuthenticationOptions> options)
        : AuthenticationService(schemes, handlers, transform, options)
    {
        public override Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
        {
            count.Value++;
            return base.AuthenticateAsync(context, scheme);
        }
    }
}
