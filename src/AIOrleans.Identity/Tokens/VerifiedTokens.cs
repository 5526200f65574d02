using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tokens;

/// <summary>Tokens whose signatures were checked, by the hash of the whole token. Bounded: those that were not used of late go first.</summary>
/// <remarks>Thread-safe. Tokens themselves are not kept.</remarks>
internal sealed class VerifiedTokens(IOptions<JwtOptions> options)
{
    private readonly int halfMax = options.Value.CachedTokensMax / 2;
    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<TokenHash, VerifiedToken> young = new();
    private volatile ConcurrentDictionary<TokenHash, VerifiedToken> old = new();
    private int youngCount;

    public static TokenHash HashOf(ReadOnlySpan<char> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token), hash);
        return MemoryMarshal.Read<TokenHash>(hash);
    }

    public VerifiedToken? Find(TokenHash hash)
    {
        if (young.TryGetValue(hash, out VerifiedToken? token))
        {
            return token;
        }

        if (old.TryGetValue(hash, out token))
        {
            Keep(hash, token);
        }

        return token;
    }

    public void Keep(TokenHash hash, VerifiedToken token)
    {
        if (halfMax == 0)
        {
            return;
        }

        young[hash] = token;
        if (Interlocked.Increment(ref youngCount) < halfMax)
        {
            return;
        }

        lock (gate)
        {
            if (Volatile.Read(ref youngCount) >= halfMax)
            {
                old = young;
                young = new ConcurrentDictionary<TokenHash, VerifiedToken>();
                Volatile.Write(ref youngCount, 0);
            }
        }
    }

    public void Forget(TokenHash hash)
    {
        young.TryRemove(hash, out _);
        old.TryRemove(hash, out _);
    }
}

/// <summary>SHA-256 of a token.</summary>
internal readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D);
