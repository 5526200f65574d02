using AIOrleans.Core.Accounts;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;

namespace AIOrleans.Storage.Objects;

/// <summary>Runs the statements of <c>provider_object</c> on one kind of database. Each is its own transaction and may be repeated.</summary>
internal interface IObjectRows
{
    Task WriteAsync(string sql, object parameters, CancellationToken cancellationToken);

    Task<IReadOnlyList<string>> ReadIdsAsync(string sql, IReadOnlyList<(string Name, object? Value)> parameters, CancellationToken cancellationToken);

    Task<IReadOnlyList<StoredObject>> ReadAsync(string sql, IReadOnlyList<(string Name, object? Value)> parameters, CancellationToken cancellationToken);

    /// <summary>A statement that both changes and returns rows.</summary>
    Task<IReadOnlyList<StoredObject>> ChangeAsync(string sql, IReadOnlyList<(string Name, object? Value)> parameters, CancellationToken cancellationToken);
}

/// <summary>Whose the objects of providers are, on any database.</summary>
internal sealed class ObjectStore(IObjectRows rows) : IObjectStore
{
    public Task AddAsync(StoredObject made, CancellationToken cancellationToken) => rows.WriteAsync(ObjectSql.Add, ObjectColumns.Of(made), cancellationToken);

    public async Task<StoredObject?> FindAsync(AccountId org, ObjectKind kind, string id, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredObject> found = await rows.ReadAsync(
            ObjectSql.Find, [("@org", org.ToString()), ("@kind", (int)kind), ("@id", id)], cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }

    public async Task<IReadOnlyList<string>> FindForeignAsync(AccountId org, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        List<string> foreign = [];
        foreach (string id in ids)
        {
            foreign.AddRange(await rows.ReadIdsAsync(ObjectSql.Foreign, [("@id", id), ("@org", org.ToString())], cancellationToken));
        }

        return foreign;
    }

    public async Task<IReadOnlyList<StoredObject>> ListAsync(AccountId org, ObjectPage page, CancellationToken cancellationToken)
    {
        StoredObject? after = page.After is { } id ? await FindAsync(org, page.Kind, id, cancellationToken) : null;
        return await rows.ReadAsync(page.Ascending ? ObjectSql.Oldest : ObjectSql.Newest, ObjectColumns.Of(org, page, after), cancellationToken);
    }

    public Task NoteAsync(StoredObject changed, CancellationToken cancellationToken) => rows.WriteAsync(ObjectSql.Note, ObjectColumns.Of(changed), cancellationToken);

    public Task RemoveAsync(string provider, string id, CancellationToken cancellationToken) =>
        rows.WriteAsync(ObjectSql.Remove, new { provider, id }, cancellationToken);

    public Task<IReadOnlyList<StoredObject>> TakeDueAsync(DateTimeOffset now, DateTimeOffset until, int countMax, CancellationToken cancellationToken) =>
        rows.ChangeAsync(
            ObjectSql.TakeDue, [("@now", Ledger.Instants.ToMicros(now)), ("@until", Ledger.Instants.ToMicros(until)), ("@countMax", countMax)], cancellationToken);
}
