using AIOrleans.Core.Directory;
using AIOrleans.Core.Tests.Configuration;

namespace AIOrleans.Core.Tests.Directory;

public sealed class DirectoryJsonTests
{
    private readonly TestVault vault = new();

    [Fact]
    public void Every_entry_survives_being_stored()
    {
        foreach (DirectoryEntry entry in ConfigText.Accepted(ConfigText.Whole).Entries)
        {
            DirectoryEntry read = DirectoryJson.Read(DirectoryJson.Write(entry, vault), vault);

            Assert.Equal(DirectoryJson.BodyOf(entry, secret => secret.Reveal()), DirectoryJson.BodyOf(read, secret => secret.Reveal()));
            Assert.Equal((entry.RecordKind, entry.RecordId, entry.GetType()), (read.RecordKind, read.RecordId, read.GetType()));
        }
    }

    [Theory]
    [InlineData(RecordOrigin.Api)]
    [InlineData(RecordOrigin.File)]
    public void The_origin_is_stored(RecordOrigin origin)
    {
        var admin = new AdminConfig("root", "00") { Origin = origin };

        Assert.Equal(origin, DirectoryJson.Read(DirectoryJson.Write(admin, vault), vault).Origin);
    }

    [Fact]
    public void Ignores_what_a_newer_version_wrote_and_defaults_what_an_older_one_did_not()
    {
        var record = new DirectoryRecord(RecordKind.Team, "acme.eng.core", """{"tenant":"acme","org":"eng","id":"core","future":{"x":1}}""", 1, Deleted: false);

        var team = Assert.IsType<TeamConfig>(DirectoryJson.Read(record, vault));

        Assert.Equal(AccessConfig.Default, team.Access);
        Assert.Equal(RecordOrigin.Api, team.Origin);
    }

    [Theory]
    [InlineData("not json", "The stored Team 'acme.eng.core' is not JSON.")]
    [InlineData("""{"tenant":"acme","org":"eng"}""", "The stored Team 'acme.eng.core' cannot be read: $.id: is missing.")]
    [InlineData("""{"tenant":"acme","org":"eng","id":"other"}""", "The stored Team 'acme.eng.core' holds the content of 'acme.eng.other'.")]
    public void Refuses_damaged_records(string body, string message)
    {
        var record = new DirectoryRecord(RecordKind.Team, "acme.eng.core", body, 1, Deleted: false);

        Assert.Equal(message, Assert.Throws<FormatException>(() => DirectoryJson.Read(record, vault)).Message);
    }

    [Fact]
    public void Refuses_an_account_that_was_copied_under_another_name()
    {
        var tenant = new TenantConfig("acme", "UTC", Core.Limits.LimitsConfig.None, AccessConfig.Default);

        Assert.Throws<InvalidOperationException>(() => DirectoryJson.Write(tenant with { Id = "other" }, vault));
    }
}
