using System.Security.Cryptography;
using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;

namespace AIOrleans.Core.Tests.Directory;

/// <summary>A vault with a fixed key and reversible sealing: what matters is only that sealed text differs each time.</summary>
internal sealed class TestVault : ISecretVault
{
    private int seals;

    public string Seal(Secret secret) => $"sealed{seals++}:{Convert.ToBase64String(Encoding.UTF8.GetBytes(secret.Reveal()))}";

    public Secret Open(string sealedText) => sealedText.Contains("other master key", StringComparison.Ordinal)
        ? throw new InvalidOperationException("Sealed under another master key.")
        : new Secret(Encoding.UTF8.GetString(Convert.FromBase64String(sealedText[(sealedText.IndexOf(':') + 1)..])));

    public string HashKey(ReadOnlySpan<char> secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData("test"u8, Encoding.UTF8.GetBytes(secret.ToArray())));
}
