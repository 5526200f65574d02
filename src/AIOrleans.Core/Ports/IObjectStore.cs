using AIOrleans.Core.Accounts;
using AIOrleans.Core.Objects;

namespace AIOrleans.Core.Ports;

/// <summary>One page of <see cref="IObjectStore.ListAsync"/>.</summary>
/// <param name="Purpose">Only files for this; null: all.</param>
/// <param name="After">The id behind which the page begins; null: at the beginning. One that is not there begins at the beginning, too.</param>
/// <param name="Ascending">Oldest first.</param>
public sealed record ObjectPage(ObjectKind Kind, string? Purpose, string? After, bool Ascending, int CountMax);

/// <summary>Whose the objects are that providers keep.</summary>
/// <remarks>
/// Thread-safe; a returned task means durable. Every method may be repeated, and throws <see cref="StoreUnavailableException"/> when the store
/// cannot be reached within its bounded wait.
/// </remarks>
public interface IObjectStore
{
    /// <summary>Remembers an object; one that is known already stays as it is.</summary>
    Task AddAsync(StoredObject made, CancellationToken cancellationToken);

    /// <summary>The object of <paramref name="org"/> with this id; null where it has none, whoever else may have.</summary>
    Task<StoredObject?> FindAsync(AccountId org, ObjectKind kind, string id, CancellationToken cancellationToken);

    /// <summary>Which of <paramref name="ids"/> are files of others than <paramref name="org"/>.</summary>
    Task<IReadOnlyList<string>> FindForeignAsync(AccountId org, IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Objects of one org, newest first unless the page says otherwise.</summary>
    Task<IReadOnlyList<StoredObject>> ListAsync(AccountId org, ObjectPage page, CancellationToken cancellationToken);

    /// <summary>Notes what the provider says of an object now, and how far it is accounted for; <see cref="AccountState.Settled"/> is never left again.</summary>
    Task NoteAsync(StoredObject changed, CancellationToken cancellationToken);

    /// <summary>Forgets an object that the provider has deleted.</summary>
    Task RemoveAsync(string provider, string id, CancellationToken cancellationToken);

    /// <summary>Takes batches that are due to be looked at, on this process alone until <paramref name="until"/>.</summary>
    Task<IReadOnlyList<StoredObject>> TakeDueAsync(DateTimeOffset now, DateTimeOffset until, int countMax, CancellationToken cancellationToken);
}
