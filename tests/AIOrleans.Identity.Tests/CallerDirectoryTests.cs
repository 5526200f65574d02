using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Tests.Directory;

namespace AIOrleans.Identity.Tests;

public sealed class CallerDirectoryTests : IDirectory
{
    private readonly TestVault vault = new();
    private readonly TickingClock clock = new();
    private readonly CallerDirectory callers;
    private long revision;

    public CallerDirectoryTests()
    {
        callers = new CallerDirectory(this, vault, clock);
        Put([.. DirectoryDefaults.Records(new Secret("sk-demo"), new Secret("sk-root"), vault)]);
    }

    public DirectorySnapshot Current { get; private set; } = DirectorySnapshot.Empty;

    private KeyConfig Key => Current.Keys["demo.main.demo"];

    [Fact]
    public void A_known_key_is_its_caller() => Assert.Equal("demo.main.demo", Identified("sk-demo").KeyId);

    [Theory]
    [InlineData(null, IdentityRefusal.Missing)]
    [InlineData("", IdentityRefusal.Missing)]
    [InlineData("sk-demo2", IdentityRefusal.Unknown)]
    [InlineData("SK-DEMO", IdentityRefusal.Unknown)]
    [InlineData("sk-root", IdentityRefusal.Unknown)]
    [InlineData("sk-\u0000demo", IdentityRefusal.Unknown)]
    [InlineData("schlüssel", IdentityRefusal.Unknown)]
    public void Whoever_has_no_key_is_refused(string? presented, IdentityRefusal reason) => Assert.Equal(reason, Refused(presented));

    [Fact]
    public void A_secret_of_impossible_length_is_refused_before_it_is_hashed() =>
        Assert.Equal(IdentityRefusal.Unknown, Refused(new string('x', ApiKeySecret.CharsMax + 1)));

    [Fact]
    public void A_revoked_key_is_told_apart()
    {
        Put(DirectoryJson.Write(Key with { Revoked = true, ExpiresAt = clock.GetUtcNow() }, vault));

        Assert.Equal(IdentityRefusal.Revoked, Refused("sk-demo"));
    }

    [Fact]
    public void A_key_expires_at_its_instant()
    {
        Put(DirectoryJson.Write(Key with { ExpiresAt = clock.GetUtcNow().AddSeconds(1) }, vault));
        Assert.Equal("demo.main.demo", Identified("sk-demo").KeyId);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(IdentityRefusal.Expired, Refused("sk-demo"));
    }

    [Fact]
    public void A_caller_of_a_suspended_org_is_identified_as_suspended()
    {
        OrgConfig org = Current.Orgs["demo.main"];
        Put(DirectoryJson.Write(org with { Access = new AccessConfig(false, null, null) }, vault));

        Assert.Equal("org:demo.main", Identified("sk-demo").Suspended?.ToString());
    }

    [Fact]
    public void A_removed_key_is_unknown()
    {
        Put(DirectoryJson.Tombstone(RecordKind.Key, Key.RecordId));

        Assert.Equal(IdentityRefusal.Unknown, Refused("sk-demo"));
    }

    [Theory]
    [InlineData("sk-root", "admin")]
    [InlineData("sk-demo", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Only_an_admin_is_an_admin(string? presented, string? admin) =>
        Assert.Equal(admin, (callers.IdentifyAdmin(presented) as AdminIdentification.Identified)?.AdminId);

    [Fact]
    public void Limits_of_the_demo_are_those_of_the_documentation() =>
        Assert.Equal(new LimitsConfig { RequestsPerMinute = 600 }, Identified("sk-demo").Key?.Limits);

    private void Put(params DirectoryRecord[] records) =>
        Current = Current.With([.. records.Select(record => record with { Revision = ++revision })], vault);

    private Core.Callers.Caller Identified(string presented) => Assert.IsType<Identification.Identified>(callers.Identify(presented)).Caller;

    private IdentityRefusal Refused(string? presented) => Assert.IsType<Identification.Refused>(callers.Identify(presented)).Reason;
}
