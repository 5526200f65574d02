using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Tests.Configuration;

namespace AIOrleans.Core.Tests.Directory;

public sealed class DirectoryChangesTests
{
    private const string Admins = "\"admins\": [ { \"id\": \"root\", \"secret\": \"env:ADMIN_KEY\" } ]";

    [Fact]
    public void Applying_a_file_leads_to_its_callers()
    {
        TestDirectory directory = TestDirectory.Of(ConfigText.Sample);

        Assert.Equal(
            ["tenant:acme", "org:acme.eng", "team:acme.eng.core", "user:acme.eng.dev", "key:acme.eng.k1", "app:acme.eng.copilot"],
            directory.CallerOf("sk-test").Path.Select(account => account.ToString()));
        Assert.Equal("root", directory.Snapshot.AdminsByHash[directory.Vault.HashKey("sk-admin")]);
    }

    [Fact]
    public void Applying_the_same_file_again_writes_nothing()
    {
        TestDirectory directory = TestDirectory.Of(ConfigText.Whole);
        Assert.Empty(directory.ApplyFile(ConfigText.Whole));

        directory.Load();
        Assert.Empty(directory.ApplyFile(ConfigText.Whole));
    }

    [Fact]
    public void Writes_only_the_records_that_differ()
    {
        TestDirectory directory = TestDirectory.Of(ConfigText.Whole);

        IReadOnlyList<DirectoryRecord> written = directory.ApplyFile(ConfigText.With("\"concurrent\": 8", "\"concurrent\": 9"));
        Assert.Equal((RecordKind.User, "acme.eng.dev"), (written.Single().Kind, written.Single().Id));

        directory.Load();
        Assert.Equal("acme.eng.dev", directory.ApplyFile(ConfigText.Whole).Single().Id);
    }

    [Fact]
    public void Removes_what_an_earlier_file_made_and_leaves_what_the_api_made()
    {
        TestDirectory directory = TestDirectory.Of(ConfigText.Whole);
        KeyConfig fileKey = directory.Snapshot.Keys["acme.eng.k1"];
        directory.Put(new KeyConfig(
            "acme", "eng", "k2", fileKey.User, fileKey.Team, fileKey.App, directory.Vault.HashKey("sk-api"), [], fileKey.Limits, fileKey.Access, null, Revoked: false));

        IReadOnlyList<DirectoryRecord> written = directory.ApplyFile(ConfigText.With(Admins, "\"admins\": []"));

        Assert.Equal((RecordKind.Admin, "root", true), (written.Single().Kind, written.Single().Id, written.Single().Deleted));
        Assert.Empty(directory.Snapshot.AdminsByHash);
        Assert.Equal("k2", directory.CallerOf("sk-api").Key?.Id);
    }

    [Fact]
    public void Takes_back_what_the_api_changed_in_its_own_records()
    {
        TestDirectory directory = TestDirectory.Of(ConfigText.Whole);
        directory.Put(directory.Snapshot.Users["acme.eng.dev"] with { Limits = new LimitsConfig { Concurrent = 99 } });

        directory.ApplyFile(ConfigText.Whole);

        Assert.Equal(8, directory.Snapshot.Users["acme.eng.dev"].Limits.Concurrent);
        Assert.Equal(RecordOrigin.File, directory.Snapshot.Users["acme.eng.dev"].Origin);
    }

    [Fact]
    public void A_record_that_the_api_made_stays_after_a_file_declared_it_for_a_while()
    {
        var directory = new TestDirectory();
        directory.Put(new AdminConfig("root", directory.Vault.HashKey("sk-other")));

        directory.ApplyFile(ConfigText.Whole);
        directory.ApplyFile(ConfigText.With(Admins, "\"admins\": []"));

        Assert.Equal("root", directory.Snapshot.AdminsByHash[directory.Vault.HashKey("sk-admin")]);
    }

    [Fact]
    public void A_revoked_key_stays_revoked_until_it_has_a_new_secret()
    {
        TestDirectory directory = TestDirectory.Of(ConfigText.Whole);
        directory.Put(directory.Snapshot.Keys["acme.eng.k1"] with { Revoked = true });

        Assert.Empty(directory.ApplyFile(ConfigText.Whole));
        Assert.True(directory.CallerOf("sk-test").Key?.Revoked);

        directory.ApplyFile(ConfigText.With("\"sk-test\"", "\"sk-new\""));
        Assert.False(directory.CallerOf("sk-new").Key?.Revoked);
        Assert.Null(directory.Caller("sk-test"));
    }

    [Fact]
    public void A_new_provider_credential_is_written_and_an_old_one_is_not()
    {
        TestDirectory directory = TestDirectory.Of(ConfigText.Whole);

        IReadOnlyList<DirectoryRecord> written = directory.ApplyFile(ConfigText.With("env:OPENAI_API_KEY", "sk-rotated"));

        Assert.Equal((RecordKind.Provider, "openai"), (written.Single().Kind, written.Single().Id));
        Assert.Equal("sk-rotated", directory.Snapshot.Providers["openai"].ApiKey?.Reveal());
    }

    [Fact]
    public void The_first_start_without_a_file_can_make_a_call()
    {
        var directory = new TestDirectory();
        Secret key = ApiKeySecret.New();

        directory.Write([.. DirectoryDefaults.Records(key, new Secret("sk-root"), directory.Vault)]);

        Assert.Matches("^sk-aio-[A-Za-z0-9_-]{32}$", key.Reveal());
        Assert.Equal(
            ["tenant:demo", "org:demo.main", "team:demo.main.core", "user:demo.main.dev", "key:demo.main.demo", "app:demo.main.playground"],
            directory.CallerOf(key.Reveal()).Path.Select(account => account.ToString()));
        Assert.Equal("simulated", directory.Snapshot.Providers[directory.Snapshot.Models["sim-1"].Routes.Single().Provider].Kind);
        Assert.Equal("admin", directory.Snapshot.AdminsByHash[directory.Vault.HashKey("sk-root")]);
        Assert.Empty(directory.Snapshot.Unreadable);
    }
}
