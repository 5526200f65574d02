using System.Text;
using AIOrleans.Core.Directory;

namespace AIOrleans.Providers.Http;

/// <summary>Some servers repeat the credentials that they refuse: such bodies go nowhere.</summary>
internal static class KeyEcho
{
    /// <summary>True when <paramref name="body"/> holds a key of <paramref name="provider"/>.</summary>
    public static bool IsIn(ReadOnlySpan<byte> body, ProviderConfig provider) =>
        provider.ApiKey is { } key && body.IndexOf(Encoding.UTF8.GetBytes(key.Reveal())) >= 0;
}
