using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Ports;

/// <summary>Durable configuration: who exists and what is allowed. Never touches usage.</summary>
public interface IDirectoryStore
{
    /// <summary>Every record (tombstones included) with a revision above <paramref name="afterRevision"/>, by revision.</summary>
    Task<IReadOnlyList<DirectoryRecord>> ReadAsync(long afterRevision, CancellationToken cancellationToken);

    /// <summary>Writes all of <paramref name="records"/> or none; each gets a new revision.</summary>
    /// <param name="expectedRevision">Refuses when the newest stored revision is another one; null writes anyway.</param>
    /// <returns>The newest revision, or null when refused: read again and decide anew.</returns>
    Task<long?> WriteAsync(IReadOnlyList<DirectoryRecord> records, long? expectedRevision, CancellationToken cancellationToken);
}

/// <summary>Seals credentials before they are stored and opens them again. AES-256-GCM under the master key.</summary>
public interface ISecretVault
{
    /// <summary>Sealed text, safe to store; different at each call.</summary>
    string Seal(Secret secret);

    /// <summary>The secret that was sealed.</summary>
    /// <exception cref="InvalidOperationException">Sealed under another master key, or damaged; the message says what to do.</exception>
    Secret Open(string sealedText);

    /// <summary>Keyed hash of an API key or admin secret: 64 lower-case hex characters, the same for the same secret and installation.</summary>
    string HashKey(ReadOnlySpan<char> secret);
}
