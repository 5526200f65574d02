using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Ports;

/// <summary>Durable configuration: who exists and what is allowed. Never touches usage.</summary>
public interface IDirectoryStore
{
    /// <summary>Gives every record that is no tombstone to <paramref name="sink"/>: the kinds side by side, each kind by one thread at a time.</summary>
    /// <returns>The newest revision before the reading began: of what was written meanwhile some may have been read and some not.</returns>
    /// <exception cref="StoreUnavailableException">Some records may have been given.</exception>
    Task<long> LoadAsync(IRecordSink sink, CancellationToken cancellationToken);

    /// <summary>The first <paramref name="countMax"/> records (tombstones included) with a revision above <paramref name="afterRevision"/>, by revision.</summary>
    Task<IReadOnlyList<DirectoryRecord>> ReadAsync(long afterRevision, int countMax, CancellationToken cancellationToken);

    /// <summary>Writes all of <paramref name="records"/> or none; each gets the next revision.</summary>
    /// <param name="expectedRevision">Refuses when the newest stored revision is another one; null writes anyway.</param>
    /// <returns>The newest revision, or null when refused: read again and decide anew.</returns>
    Task<long?> WriteAsync(IReadOnlyList<DirectoryRecord> records, long? expectedRevision, CancellationToken cancellationToken);
}

/// <summary>Takes the records of a whole directory.</summary>
public interface IRecordSink
{
    /// <summary>Takes a copy of one record.</summary>
    /// <param name="id">In UTF-8, as is <paramref name="body"/>.</param>
    void Add(RecordKind kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> body);
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
