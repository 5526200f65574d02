using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Secrets;

/// <summary>The installation's one secret; every other key is derived from it by HKDF with a label of its own.</summary>
internal sealed class MasterKey
{
    public const string Variable = "AIORLEANS_MASTER_KEY";

    private const int KeyBytes = 32;

    private readonly byte[] key;

    private MasterKey(byte[] key, string source)
    {
        this.key = key;
        Source = source;
        Id = Convert.ToHexStringLower(Derive("aiorleans/key-id/v1").AsSpan(0, 4));
    }

    /// <summary>Eight hex characters that tell keys apart and reveal nothing of them.</summary>
    public string Id { get; }

    /// <summary>Where it came from, for messages.</summary>
    public string Source { get; }

    /// <summary>Reads the key from <paramref name="text"/>: 32 bytes as base64 or as 64 hex characters.</summary>
    /// <exception cref="InvalidOperationException">Another form.</exception>
    public static MasterKey Parse(string text, string source)
    {
        string trimmed = text.Trim();
        if (trimmed.Length == KeyBytes * 2 && trimmed.All(char.IsAsciiHexDigit))
        {
            return new MasterKey(Convert.FromHexString(trimmed), source);
        }

        byte[] bytes = new byte[KeyBytes + 2];
        if (Convert.TryFromBase64String(trimmed, bytes, out int written) && written == KeyBytes)
        {
            return new MasterKey(bytes[..KeyBytes], source);
        }

        throw new InvalidOperationException(
            $"The master key in {source} must be 32 bytes, as base64 (44 characters) or as 64 hex characters; make one with 'openssl rand -base64 32'.");
    }

    /// <summary>The key of <paramref name="variable"/> when it is set, otherwise of the file <paramref name="path"/>, which is made when it is not there.</summary>
    /// <exception cref="InvalidOperationException">The key has a wrong form, or others may read the file; the message says what to do.</exception>
    public static MasterKey Load(string? variable, string path, ILogger logger)
    {
        if (!string.IsNullOrWhiteSpace(variable))
        {
            return Parse(variable, Variable);
        }

        if (!File.Exists(path))
        {
            Create(path, logger);
        }

        if (!OperatingSystem.IsWindows())
        {
            RefuseUnlessPrivate(path);
        }

        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>A 32-byte key for one purpose.</summary>
    public byte[] Derive(string label) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyBytes, salt: [], info: Encoding.UTF8.GetBytes(label));

    private static void Create(string path, ILogger logger)
    {
        // ! A path of a file has a directory; an empty one is the current.
        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(directory);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var stream = new FileStream(path, options);
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
            stream.Flush(flushToDisk: true);
            StorageLog.MasterKeyCreated(logger, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process of this installation made it first: its key is ours.
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void RefuseUnlessPrivate(string path)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if ((File.GetUnixFileMode(path) & others) != UnixFileMode.None)
        {
            throw new InvalidOperationException($"Others than its owner may use the master key file {path}. Run: chmod 600 '{path}'");
        }
    }
}
