using System.Security.Cryptography;
using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;

namespace AIOrleans.Storage.Secrets;

/// <summary>Seals with AES-256-GCM: <c>v1.{key id}.{base64 of nonce, tag and cipher text}</c>. The head is authenticated too.</summary>
/// <remarks>Thread-safe. Nonces are random 96 bits: safe for some four billion seals under one key (NIST SP 800-38D §8.3).</remarks>
internal sealed class SecretVault(MasterKey master) : ISecretVault
{
    private const string Version = "v1";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Longest API key that is hashed without allocating, in UTF-8 bytes.</summary>
    private const int StackBytesMax = 512;

    private readonly byte[] sealingKey = master.Derive("aiorleans/seal/v1");
    private readonly byte[] hashingKey = master.Derive("aiorleans/key-hash/v1");

    /// <summary>One that nobody uses at the moment: hashing with it takes a third of the time of making one for each key. Benchmark: micro (keys).</summary>
    private HMACSHA256? spareHasher;

    public string Seal(Secret secret)
    {
        byte[] plain = Encoding.UTF8.GetBytes(secret.Reveal());
        byte[] blob = new byte[NonceBytes + TagBytes + plain.Length];
        Span<byte> nonce = blob.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        string head = $"{Version}.{master.Id}.";
        using var aes = new AesGcm(sealingKey, TagBytes);
        aes.Encrypt(nonce, plain, blob.AsSpan(NonceBytes + TagBytes), blob.AsSpan(NonceBytes, TagBytes), Encoding.ASCII.GetBytes(head));
        CryptographicOperations.ZeroMemory(plain);
        return head + Convert.ToBase64String(blob);
    }

    public Secret Open(string sealedText)
    {
        string[] parts = sealedText.Split('.');
        if (parts.Length != 3 || parts[0] != Version)
        {
            throw new InvalidOperationException("This is not a sealed secret of a version that this program knows ('v1.…'): enter the credential again.");
        }

        if (parts[1] != master.Id)
        {
            throw new InvalidOperationException(
                $"The secret was sealed with master key {parts[1]}, and the key in {master.Source} is {master.Id}: bring back that key, or enter the credential again.");
        }

        return new Secret(Encoding.UTF8.GetString(Decrypt($"{parts[0]}.{parts[1]}.", parts[2])));
    }

    public string HashKey(ReadOnlySpan<char> secret)
    {
        int bytesMax = Encoding.UTF8.GetMaxByteCount(secret.Length);
        Span<byte> bytes = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        int count = Encoding.UTF8.GetBytes(secret, bytes);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256 hasher = Interlocked.Exchange(ref spareHasher, null) ?? new HMACSHA256(hashingKey);
        hasher.TryComputeHash(bytes[..count], hash, out _);
        Interlocked.Exchange(ref spareHasher, hasher)?.Dispose();
        return Convert.ToHexStringLower(hash);
    }

    private byte[] Decrypt(string head, string body)
    {
        try
        {
            byte[] blob = Convert.FromBase64String(body);
            byte[] plain = new byte[Math.Max(0, blob.Length - NonceBytes - TagBytes)];
            using var aes = new AesGcm(sealingKey, TagBytes);
            aes.Decrypt(
                blob.AsSpan(0, NonceBytes), blob.AsSpan(NonceBytes + TagBytes), blob.AsSpan(NonceBytes, TagBytes), plain, Encoding.ASCII.GetBytes(head));
            return plain;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or ArgumentOutOfRangeException)
        {
            throw new InvalidOperationException("The sealed secret is damaged: enter the credential again.", e);
        }
    }
}
