using System.Collections.Immutable;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Tests.Configuration;

namespace AIOrleans.Core.Tests.Directory;

/// <summary>The same of a directory that was put together record by record, and of one that was loaded and changed since.</summary>
public abstract class DirectorySnapshotTests
{
    private readonly TestDirectory directory = TestDirectory.Of(ConfigText.Whole);

    protected DirectorySnapshotTests(bool isLoaded)
    {
        if (isLoaded)
        {
            directory.Load();
        }
    }

    private DirectorySnapshot Snapshot => directory.Snapshot;

    [Fact]
    public void Calls_of_a_key_for_one_model_share_their_path()
    {
        Caller caller = directory.CallerOf("sk-test");

        ImmutableArray<AccountId> path = caller.PathFor("gpt-4o");

        Assert.True(path == caller.PathFor("gpt-4o"), "the same array");
        Assert.Equal(AccountId.Parse("model:acme.eng.other"), caller.PathFor("other")[^1]);
        Assert.Equal<IEnumerable<AccountId>>([.. caller.Path, AccountId.Parse("model:acme.eng.gpt-4o")], caller.PathFor("gpt-4o"));
    }

    [Fact]
    public void Finds_limits_and_time_zone_of_every_account()
    {
        foreach (AccountId account in directory.CallerOf("sk-test").PathFor("gpt-4o"))
        {
            Assert.Equal("Europe/Berlin", Snapshot.FindAccount(account)?.TimeZone);
        }

        Assert.Equal(200_000, Snapshot.FindAccount(AccountId.Parse("model:acme.eng.gpt-4o"))?.Limits.TokensPerMinute);
        Assert.Null(Snapshot.FindAccount(AccountId.Parse("team:acme.eng.nobody")));
    }

    public static TheoryData<string> Levels => ["tenant:acme", "org:acme.eng", "team:acme.eng.core", "user:acme.eng.dev", "key:acme.eng.k1", "app:acme.eng.copilot"];

    [Theory]
    [MemberData(nameof(Levels))]
    public void Suspending_any_account_of_the_path_suspends_its_callers(string account)
    {
        directory.Put(Entry(account) with { Access = new AccessConfig(false, null, null) });
        Assert.Equal(account, directory.CallerOf("sk-test").Suspended?.ToString());

        directory.Put(Entry(account) with { Access = AccessConfig.Default });
        Assert.Null(directory.CallerOf("sk-test").Suspended);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Removing_any_account_of_the_path_stops_its_callers(string account)
    {
        DirectoryEntry entry = Entry(account);
        directory.Remove(entry.RecordKind, entry.RecordId);

        Assert.Equal(entry is KeyConfig ? null : account, directory.Caller("sk-test")?.Suspended?.ToString());

        directory.Put(entry);
        Assert.Null(directory.CallerOf("sk-test").Suspended);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Any_account_of_the_path_can_narrow_models_and_regions(string account)
    {
        directory.Put(Entry(account) with { Access = new AccessConfig(true, ["gpt-4o-mini"], ["eu"]) });

        Assert.False(directory.CallerOf("sk-test").MayUseModel("gpt-4o"));
        Assert.True(directory.CallerOf("sk-test").MayUseModel("gpt-4o-mini"));
        Assert.Equal(account == "tenant:acme", directory.CallerOf("sk-test").MayUseRegion("eu"));
        Assert.False(directory.CallerOf("sk-test").MayUseRegion(null));
    }

    [Fact]
    public void A_new_time_zone_of_the_tenant_reaches_its_callers()
    {
        directory.Put(Snapshot.Tenants["acme"] with { TimeZone = "UTC" });

        Assert.Equal("UTC", directory.CallerOf("sk-test").TimeZone);
        Assert.Equal("UTC", directory.CallerOf("sk-service").TimeZone);
    }

    [Fact]
    public void New_limits_leave_the_callers_as_they_are()
    {
        object before = directory.CallerOf("sk-test");

        directory.Put(Snapshot.Tenants["acme"] with { Limits = LimitsConfig.None });

        Assert.Same(before, directory.CallerOf("sk-test"));
        Assert.Equal(LimitsConfig.None, Snapshot.FindAccount(AccountId.Parse("tenant:acme"))?.Limits);
    }

    [Fact]
    public void Two_keys_may_swap_their_secrets_in_one_batch()
    {
        KeyConfig one = Snapshot.Keys["acme.eng.k1"];
        KeyConfig two = Snapshot.Keys["acme.eng.service"];

        directory.Put(one with { SecretHash = two.SecretHash }, two with { SecretHash = one.SecretHash });

        Assert.Equal("service", directory.CallerOf("sk-test").Key?.Id);
        Assert.Equal("k1", directory.CallerOf("sk-service").Key?.Id);
    }

    [Fact]
    public void Of_keys_with_the_same_secret_the_first_by_id_calls_and_the_next_when_it_is_gone()
    {
        directory.Put(Snapshot.Keys["acme.eng.service"] with { SecretHash = Snapshot.Keys["acme.eng.k1"].SecretHash });
        Assert.Equal("k1", directory.CallerOf("sk-test").Key?.Id);
        Assert.Null(directory.Caller("sk-service"));

        directory.Remove(RecordKind.Key, "acme.eng.k1");
        Assert.Equal("service", directory.CallerOf("sk-test").Key?.Id);
    }

    [Fact]
    public void An_unreadable_record_counts_as_absent_until_it_is_mended()
    {
        DirectoryRecord good = DirectoryJson.Write(Snapshot.Providers["openai"], directory.Vault);
        directory.Write(good with { Body = """{"name":"openai","kind":"openai","baseUrl":"https://host","apiKey":"other master key"}""" });
        directory.Write(new DirectoryRecord(RecordKind.Org, "acme.eng", "damaged", 0, Deleted: false));

        Assert.Equal(["Org:acme.eng", "Provider:openai"], Snapshot.Unreadable.Keys.Order());
        Assert.Equal("Sealed under another master key.", Snapshot.Unreadable["Provider:openai"]);
        Assert.False(Snapshot.Providers.ContainsKey("openai"));
        Assert.Equal("org:acme.eng", directory.CallerOf("sk-test").Suspended?.ToString());

        directory.Write(good);
        Assert.Equal(["Org:acme.eng"], Snapshot.Unreadable.Keys);
    }

    [Fact]
    public void A_removed_key_is_nobody_s_and_can_come_back()
    {
        KeyConfig key = Snapshot.Keys["acme.eng.k1"];
        int count = Snapshot.Keys.Count;
        directory.Remove(RecordKind.Key, "acme.eng.k1");

        Assert.Null(directory.Caller("sk-test"));
        Assert.False(Snapshot.Keys.ContainsKey("acme.eng.k1"));
        Assert.DoesNotContain("acme.eng.k1", Snapshot.Keys.Keys);
        Assert.DoesNotContain(Snapshot.Keys.Values, left => left.Id == "k1");
        Assert.Equal(count - 1, Snapshot.Keys.Count);

        directory.Put(key with { SecretHash = directory.Vault.HashKey("sk-next") });
        Assert.Equal("k1", directory.CallerOf("sk-next").Key?.Id);
        Assert.Null(directory.Caller("sk-test"));
        Assert.Equal(count, Snapshot.Keys.Count);
    }

    [Fact]
    public void Who_holds_an_older_snapshot_sees_it_as_it_was()
    {
        DirectorySnapshot before = Snapshot;
        string hash = directory.Vault.HashKey("sk-test");
        Assert.True(before.CallersByHash.TryGetValue(hash, out Caller? caller));

        directory.Put(Snapshot.Tenants["acme"] with { Access = new AccessConfig(false, null, null) });
        directory.Remove(RecordKind.Key, "acme.eng.service");

        Assert.NotNull(directory.CallerOf("sk-test").Suspended);
        Assert.Null(before.CallersByHash.GetValueOrDefault(hash)?.Suspended);
        Assert.Equal(caller.KeyId, before.CallersByHash.GetValueOrDefault(hash)?.KeyId);
        Assert.NotNull(before.CallersByHash.GetValueOrDefault(directory.Vault.HashKey("sk-service")));
    }

    [Fact]
    public void Knows_whether_any_limit_is_adaptive()
    {
        Assert.True(Snapshot.HasAdaptiveLimits());

        directory.Put(Snapshot.Tenants["acme"] with { Limits = LimitsConfig.None });
        Assert.False(Snapshot.HasAdaptiveLimits());

        directory.Put(Snapshot.Users["acme.eng.dev"] with { Limits = new LimitsConfig { RequestsPerMinute = 5, Adaptive = true } });
        Assert.True(Snapshot.HasAdaptiveLimits());

        directory.Load();
        Assert.True(Snapshot.HasAdaptiveLimits());
    }

    private AccountEntry Entry(string account)
    {
        AccountId id = AccountId.Parse(account);
        return id.Kind switch
        {
            AccountKind.Tenant => Snapshot.Tenants[id.Path],
            AccountKind.Org => Snapshot.Orgs[id.Path],
            AccountKind.Team => Snapshot.Teams[id.Path],
            AccountKind.User => Snapshot.Users[id.Path],
            AccountKind.Key => Snapshot.Keys[id.Path],
            _ => Snapshot.Apps[id.Path],
        };
    }
}

public sealed class PutTogetherSnapshotTests() : DirectorySnapshotTests(isLoaded: false);

public sealed class LoadedSnapshotTests() : DirectorySnapshotTests(isLoaded: true);
