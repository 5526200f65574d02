using System.Security.Cryptography;
using System.Text;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Signs thoughts and knows its own signatures again. Each server has a secret of its own, so that one refuses another's.</summary>
internal sealed class Signatures
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    public string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));

    public bool IsOwn(string text, string? signature) => string.Equals(Sign(text), signature, StringComparison.Ordinal);
}
