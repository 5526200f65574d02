using AIOrleans.Core.Directory;
using AIOrleans.Storage.Secrets;
using AIOrleans.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Storage.Tests;

public sealed class SecretVaultTests : IDisposable
{
    private readonly DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("aiorleans-key-");
    private readonly SecretVault vault = new(MasterKey.Parse(StorageHost.MasterKey, "test"));

    private string KeyFile => Path.Combine(directory.FullName, "deeper", "master.key");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Opens_what_it_sealed_and_seals_differently_each_time()
    {
        var secret = new Secret("sk-пароль-🔑");

        string first = vault.Seal(secret);

        Assert.NotEqual(first, vault.Seal(secret));
        Assert.DoesNotContain("sk-", first, StringComparison.Ordinal);
        Assert.Equal(secret, vault.Open(first));
    }

    [Fact]
    public void Refuses_text_of_which_any_character_was_changed()
    {
        string text = vault.Seal(new Secret("sk-secret"));
        for (int i = 0; i < text.Length; i++)
        {
            string tampered = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            if (!IsSameBase64(text, tampered))
            {
                Assert.Throws<InvalidOperationException>(() => vault.Open(tampered));
            }
        }
    }

    [Fact]
    public void Says_which_key_is_missing()
    {
        var other = new SecretVault(MasterKey.Parse(Convert.ToBase64String(new byte[32]), "other"));
        string id = MasterKey.Parse(StorageHost.MasterKey, "test").Id;

        var refusal = Assert.Throws<InvalidOperationException>(() => other.Open(vault.Seal(new Secret("sk-secret"))));

        Assert.Contains($"sealed with master key {id}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("v2.abc.def")]
    public void Refuses_text_that_it_did_not_seal(string text) =>
        Assert.Throws<InvalidOperationException>(() => vault.Open(text));

    [Fact]
    public void Hashes_equally_within_an_installation_and_differently_between_two()
    {
        var other = new SecretVault(MasterKey.Parse(Convert.ToBase64String(new byte[32]), "other"));

        Assert.Matches("^[0-9a-f]{64}$", vault.HashKey("sk-test"));
        Assert.Equal(vault.HashKey("sk-test"), vault.HashKey("sk-test"));
        Assert.NotEqual(vault.HashKey("sk-test"), vault.HashKey("sk-tesT"));
        Assert.NotEqual(vault.HashKey("sk-test"), other.HashKey("sk-test"));
        Assert.NotEqual(vault.HashKey(new string('x', 5_000)), vault.HashKey(new string('x', 5_001)));
    }

    [Fact]
    public void Reads_a_key_as_hex_or_base64_only()
    {
        byte[] bytes = Convert.FromHexString(StorageHost.MasterKey);

        Assert.Equal(MasterKey.Parse(StorageHost.MasterKey, "a").Id, MasterKey.Parse(Convert.ToBase64String(bytes) + "\n", "b").Id);
        foreach (string wrong in (string[])["short", StorageHost.MasterKey[..62], Convert.ToBase64String(bytes[..31]), Convert.ToBase64String([.. bytes, 1])])
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => MasterKey.Parse(wrong, "AIORLEANS_MASTER_KEY"));
            Assert.Contains("AIORLEANS_MASTER_KEY must be 32 bytes", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(wrong, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Makes_a_private_key_file_once()
    {
        MasterKey made = MasterKey.Load(null, KeyFile, NullLogger.Instance);

        Assert.Equal(made.Id, MasterKey.Load("", KeyFile, NullLogger.Instance).Id);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public void Refuses_a_key_file_that_others_may_read()
    {
        MasterKey.Load(null, KeyFile, NullLogger.Instance);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var refusal = Assert.Throws<InvalidOperationException>(() => MasterKey.Load(null, KeyFile, NullLogger.Instance));

        Assert.Contains($"chmod 600 '{KeyFile}'", refusal.Message, StringComparison.Ordinal);
    }

    // The last character before padding carries bits that decode to nothing.
    private static bool IsSameBase64(string left, string right)
    {
        try
        {
            return left.Split('.')[..2].SequenceEqual(right.Split('.')[..2])
                && Convert.FromBase64String(left.Split('.')[2]).SequenceEqual(Convert.FromBase64String(right.Split('.')[2]));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
