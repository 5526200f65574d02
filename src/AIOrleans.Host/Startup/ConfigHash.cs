using System.Security.Cryptography;

namespace AIOrleans.Host.Startup;

/// <summary>SHA-256 of a configuration file, in hex.</summary>
internal readonly record struct ConfigHash(string Hex)
{
    private const int BufferBytes = 1024 * 1024;

    public static ConfigHash Of(ReadOnlySpan<byte> text) => new(Convert.ToHexStringLower(SHA256.HashData(text)));

    /// <summary>Reads the file, and keeps nothing of it.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<ConfigHash> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes, FileOptions.SequentialScan);
        return new ConfigHash(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)));
    }
}
