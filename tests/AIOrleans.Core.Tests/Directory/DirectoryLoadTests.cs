using System.Text;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Tests.Configuration;

namespace AIOrleans.Core.Tests.Directory;

/// <summary>What comes of a directory that is loaded whole.</summary>
public sealed class DirectoryLoadTests
{
    private readonly TestVault vault = new();

    [Fact]
    public void Every_record_of_a_large_directory_is_found_in_whatever_order_it_came()
    {
        KeyConfig[] keys = [.. Enumerable.Range(0, 5000).Select(i => KeyOf($"k{i}", $"sk-{i}"))];
        Random.Shared.Shuffle(keys);

        DirectorySnapshot loaded = Load(keys);

        Assert.Equal(keys.Length, loaded.Keys.Count);
        foreach (KeyConfig key in keys)
        {
            Assert.Equal(key.Id, loaded.Keys[key.RecordId].Id);
            Assert.Equal(key.Id, loaded.CallersByHash.GetValueOrDefault(key.SecretHash)?.Key?.Id);
        }

        Assert.Equal(keys.Select(key => key.RecordId).Order(StringComparer.Ordinal), loaded.Keys.Keys);
        Assert.Equal(keys.Select(key => key.RecordId).Order(StringComparer.Ordinal), loaded.Keys.Values.Select(key => key.RecordId));
        Assert.False(loaded.Keys.ContainsKey("acme.eng.k"));
        Assert.False(loaded.Keys.ContainsKey("acme.eng.k99999"));
        Assert.Null(loaded.CallersByHash.GetValueOrDefault(vault.HashKey("sk-5000")));
        Assert.Null(loaded.CallersByHash.GetValueOrDefault(""));
        Assert.Null(loaded.CallersByHash.GetValueOrDefault(new string('a', 10_000)));
    }

    [Fact]
    public void A_caller_is_resolved_once()
    {
        DirectorySnapshot loaded = Load(KeyOf("k1", "sk-1"));

        Assert.Same(loaded.CallersByHash.GetValueOrDefault(vault.HashKey("sk-1")), loaded.CallersByHash.GetValueOrDefault(vault.HashKey("sk-1")));
    }

    [Fact]
    public void Of_loaded_keys_with_the_same_secret_the_first_by_id_calls_and_the_next_when_it_is_gone()
    {
        KeyConfig first = KeyOf("a", "sk-same");
        DirectorySnapshot loaded = Load(KeyOf("c", "sk-same"), first, KeyOf("b", "sk-same"));
        Assert.Equal("a", loaded.CallersByHash.GetValueOrDefault(first.SecretHash)?.Key?.Id);

        DirectorySnapshot later = loaded.With([DirectoryJson.Tombstone(RecordKind.Key, first.RecordId) with { Revision = 2 }], vault);
        Assert.Equal("b", later.CallersByHash.GetValueOrDefault(first.SecretHash)?.Key?.Id);

        DirectorySnapshot back = later.With([DirectoryJson.Write(first, vault) with { Revision = 3 }], vault);
        Assert.Equal("a", back.CallersByHash.GetValueOrDefault(first.SecretHash)?.Key?.Id);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"tenant":"acme","org":"eng","id":"k1","secretHash":7}""")]
    [InlineData("""{"tenant":"acme","org":"eng","id":"other","secretHash":"abc"}""")]
    public void A_damaged_account_counts_as_absent_and_is_told_of_when_it_was_looked_at(string body)
    {
        var load = new DirectoryLoad();
        load.Add(RecordKind.Key, "acme.eng.k1"u8, Encoding.UTF8.GetBytes(body));
        DirectorySnapshot loaded = load.Finish(1, vault);
        Assert.Empty(loaded.Unreadable);

        Assert.All(loaded.CheckLoaded(), isReadable => Assert.False(isReadable));

        Assert.Equal(["Key:acme.eng.k1"], loaded.Unreadable.Keys);
        Assert.False(loaded.Keys.ContainsKey("acme.eng.k1"));
        Assert.Empty(loaded.Keys.Values);
        Assert.Null(loaded.CallersByHash.GetValueOrDefault("abc"));

        DirectorySnapshot mended = loaded.With([DirectoryJson.Write(KeyOf("k1", "sk-1"), vault) with { Revision = 2 }], vault);
        Assert.Empty(mended.Unreadable);
        Assert.Equal("k1", mended.CallersByHash.GetValueOrDefault(vault.HashKey("sk-1"))?.Key?.Id);
    }

    [Fact]
    public void A_tag_that_is_named_as_the_hash_is_not_taken_for_it()
    {
        KeyConfig key = KeyOf("k1", "sk-1") with { Tags = [new("secretHash", vault.HashKey("sk-2"))] };
        string tagsFirst = $$"""{"tags":{"secretHash":"{{vault.HashKey("sk-2")}}"},"tenant":"acme","org":"eng","id":"k2","secretHash":"{{vault.HashKey("sk-3")}}"}""";
        var load = new DirectoryLoad();
        load.Add(RecordKind.Key, "acme.eng.k1"u8, Encoding.UTF8.GetBytes(DirectoryJson.Write(key, vault).Body));
        load.Add(RecordKind.Key, "acme.eng.k2"u8, Encoding.UTF8.GetBytes(tagsFirst));
        DirectorySnapshot loaded = load.Finish(1, vault);

        Assert.Null(loaded.CallersByHash.GetValueOrDefault(vault.HashKey("sk-2")));
        Assert.Equal("k1", loaded.CallersByHash.GetValueOrDefault(vault.HashKey("sk-1"))?.Key?.Id);
        Assert.Equal("k2", loaded.CallersByHash.GetValueOrDefault(vault.HashKey("sk-3"))?.Key?.Id);
    }

    [Fact]
    public void An_account_of_any_size_is_kept()
    {
        KeyConfig[] keys = [.. Enumerable.Range(0, 40).Select(i => KeyOf($"k{i}", $"sk-{i}") with
        {
            Access = new AccessConfig(true, [.. Enumerable.Range(0, i * 1000).Select(n => $"model-{n}")], null),
        })];

        DirectorySnapshot loaded = Load(keys);

        Assert.All(keys, key => Assert.Equal(key.Access.AllowedModels?.Count, loaded.Keys[key.RecordId].Access.AllowedModels?.Count));
    }

    [Fact]
    public void Variables_that_a_file_names_are_told()
    {
        ConfigDeclaration config = ConfigText.Accepted(ConfigText.Whole);

        Assert.Equal(["ADMIN_KEY", "OPENAI_API_KEY"], config.Variables.Order(StringComparer.Ordinal));
    }

    private static KeyConfig Plain(string id, string hash) =>
        new("acme", "eng", id, User: null, Team: null, App: null, hash, Tags: [], LimitsConfig.None, AccessConfig.Default, ExpiresAt: null, Revoked: false);

    private KeyConfig KeyOf(string id, string secret) => Plain(id, vault.HashKey(secret));

    private DirectorySnapshot Load(params KeyConfig[] keys)
    {
        var load = new DirectoryLoad();
        foreach (KeyConfig key in keys)
        {
            load.Add(RecordKind.Key, Encoding.UTF8.GetBytes(key.RecordId), Encoding.UTF8.GetBytes(DirectoryJson.Write(key, vault).Body));
        }

        return load.Finish(1, vault);
    }
}
