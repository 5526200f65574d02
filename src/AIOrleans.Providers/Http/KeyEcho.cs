using System.Text;
using AIOrleans.Core.Directory;

namespace AIOrleans.Providers.Http;

/// <summary>Some servers repeat the credentials that they refuse: such bodies go nowhere.</summary>
internal static class KeyEcho
{
    /// <summary>True when <paramref name="body"/> holds a key of <paramref name="provider"/>.</summary>
    public static bool IsIn(ReadOnlySpan<byte> body, ProviderConfig provider)
    {
        foreach (Secret key in provider.Credentials)
        {
            if (Holds(body, key))
            {
                return true;
            }
        }

        return provider.Aws?.Credentials is { } credentials
            && (Holds(body, credentials.AccessKeyId) || Holds(body, credentials.SecretAccessKey) || Holds(body, credentials.SessionToken));
    }

    private static bool Holds(ReadOnlySpan<byte> body, Secret? secret) => secret is not null && body.IndexOf(Encoding.UTF8.GetBytes(secret.Reveal())) >= 0;
}
