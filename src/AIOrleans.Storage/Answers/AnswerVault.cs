using System.Security.Cryptography;
using System.Text;
using AIOrleans.Storage.Secrets;

namespace AIOrleans.Storage.Answers;

/// <summary>Seals answers with AES-256-GCM: a version byte, nonce, tag, cipher text. Each answer has a key of its own, derived from the master key and its name.</summary>
/// <remarks>
/// Thread-safe. A key of its own, because a busy gateway keeps more answers than one key may seal under random nonces (NIST SP 800-38D §8.3),
/// and because a sealed answer then opens under no other name.
/// </remarks>
internal sealed class AnswerVault(MasterKey master)
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + NonceBytes + TagBytes;

    private readonly byte[] sealingKey = master.Derive("aiorleans/answer-seal/v1");
    private readonly byte[] fingerprintKey = master.Derive("aiorleans/answer-fingerprint/v1");

    /// <summary>Keyed hash of a fingerprint, 64 lower-case hex characters.</summary>
    public string HashFingerprint(string fingerprint) => Convert.ToHexStringLower(HMACSHA256.HashData(fingerprintKey, Encoding.UTF8.GetBytes(fingerprint)));

    public byte[] Seal(ReadOnlySpan<byte> plain, string key, Guid requestId)
    {
        byte[] blob = new byte[HeadBytes + plain.Length];
        blob[0] = Version;
        Span<byte> nonce = blob.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm aes = CipherOf(key, requestId);
        aes.Encrypt(nonce, plain, blob.AsSpan(HeadBytes), blob.AsSpan(1 + NonceBytes, TagBytes), blob.AsSpan(0, 1));
        return blob;
    }

    /// <exception cref="InvalidOperationException">Damaged, or sealed under another name or master key.</exception>
    public byte[] Open(ReadOnlySpan<byte> blob, string key, Guid requestId)
    {
        if (blob.Length < HeadBytes || blob[0] != Version)
        {
            throw new InvalidOperationException("A kept answer is not of a version that this program knows.");
        }

        byte[] plain = new byte[blob.Length - HeadBytes];
        using AesGcm aes = CipherOf(key, requestId);
        try
        {
            aes.Decrypt(blob.Slice(1, NonceBytes), blob[HeadBytes..], blob.Slice(1 + NonceBytes, TagBytes), plain, blob[..1]);
            return plain;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new InvalidOperationException($"The kept answer of request {requestId} is damaged.", e);
        }
    }

    private AesGcm CipherOf(string key, Guid requestId)
    {
        Span<byte> own = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(sealingKey, Encoding.UTF8.GetBytes($"{requestId:N}/{key}"), own);
        return new AesGcm(own, TagBytes);
    }
}
