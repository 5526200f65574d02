using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;

namespace AIOrleans.Identity;

/// <summary>Finds out who is calling from the secret of a key that was presented. Memory only.</summary>
/// <remarks>
/// Thread-safe. Secrets are never compared: their keyed hash is looked up, and whoever has not the installation's key cannot
/// steer that hash towards another, so that timing tells nothing.
/// </remarks>
public sealed class CallerDirectory(IDirectory directory, ISecretVault vault, TimeProvider time)
{
    private static readonly Identification Missing = new Identification.Refused(IdentityRefusal.Missing);
    private static readonly Identification Unknown = new Identification.Refused(IdentityRefusal.Unknown);
    private static readonly Identification Revoked = new Identification.Refused(IdentityRefusal.Revoked);
    private static readonly Identification Expired = new Identification.Refused(IdentityRefusal.Expired);

    /// <summary>The caller whose key has the secret <paramref name="presented"/>.</summary>
    public Identification Identify(string? presented)
    {
        if (string.IsNullOrEmpty(presented))
        {
            return Missing;
        }

        return ApiKeySecret.IsSendable(presented) ? OfHash(vault.HashKey(presented)) : Unknown;
    }

    /// <summary>Who has the secret of <paramref name="key"/> by now.</summary>
    public Identification IdentifyAgain(KeyConfig key) => OfHash(key.SecretHash);

    /// <summary>The admin whose secret is <paramref name="presented"/>.</summary>
    public AdminIdentification IdentifyAdmin(string? presented)
    {
        if (string.IsNullOrEmpty(presented))
        {
            return new AdminIdentification.Refused(IdentityRefusal.Missing);
        }

        return ApiKeySecret.IsSendable(presented) && directory.Current.AdminsByHash.TryGetValue(vault.HashKey(presented), out string? id)
            ? new AdminIdentification.Identified(id)
            : new AdminIdentification.Refused(IdentityRefusal.Unknown);
    }

    private Identification OfHash(string hash)
    {
        if (!directory.Current.CallersByHash.TryGetValue(hash, out Caller? caller))
        {
            return Unknown;
        }

        return caller.Key switch
        {
            { Revoked: true } => Revoked,
            { ExpiresAt: { } at } when at <= time.GetUtcNow() => Expired,
            _ => new Identification.Identified(caller),
        };
    }
}
