namespace AIOrleans.Storage.Answers;

/// <summary>What a row of <c>idempotent_answer</c> says. Values are stored.</summary>
internal enum AnswerRowState
{
    Running = 1,
    Kept = 2,
    NotKept = 3,
}

/// <summary>The row of a key, without its answer.</summary>
internal sealed record AnswerRow(Guid RequestId, string Fingerprint, AnswerRowState State, DateTimeOffset LeaseUntil);

/// <summary>A running row to be written.</summary>
/// <param name="Fingerprint">Keyed hash: what is stored lets nobody try out prompts.</param>
internal sealed record NewAnswerRow(
    string Key, string Tenant, Guid RequestId, string Fingerprint, DateTimeOffset LeaseUntil, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>The table <c>idempotent_answer</c> of one kind of database, sealed bytes and all.</summary>
/// <remarks>Throws <see cref="Core.Ports.StoreUnavailableException"/> when the database cannot be reached in time. Every method may be repeated.</remarks>
internal interface IAnswerRows
{
    /// <summary>Writes <paramref name="row"/> unless another one stands: one that has not expired, and is not running for the same fingerprint beyond its lease.</summary>
    /// <returns>The row that stands now; null when it was just removed.</returns>
    Task<AnswerRow?> ClaimAsync(NewAnswerRow row, CancellationToken cancellationToken);

    /// <returns>False when <paramref name="requestId"/> does not run any more.</returns>
    Task<bool> RenewAsync(string key, Guid requestId, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>Turns a running row into an ended one.</summary>
    /// <param name="sealedAnswer">Null: not kept.</param>
    /// <returns>False when <paramref name="requestId"/> has no row.</returns>
    Task<bool> EndAsync(string key, Guid requestId, byte[]? sealedAnswer, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Removes a running row.</summary>
    Task RemoveAsync(string key, Guid requestId, CancellationToken cancellationToken);

    /// <summary>The sealed answer; null when there is none.</summary>
    Task<byte[]?> ReadAsync(string key, Guid requestId, CancellationToken cancellationToken);

    Task<int> SweepAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken);
}
