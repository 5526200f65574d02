using System.Data.Common;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Objects;

/// <summary>Writes and reads the columns of <c>provider_object</c>, alike in both databases.</summary>
internal static class ObjectColumns
{
    /// <summary>What <see cref="ObjectSql.Add"/>, <see cref="ObjectSql.Note"/> and <see cref="ObjectSql.Remove"/> are given.</summary>
    public static object Of(StoredObject stored) => new
    {
        provider = stored.Provider,
        id = stored.Id,
        kind = (int)stored.Kind,
        org = stored.Org.ToString(),
        keyId = stored.KeyId,
        path = PathText.Of(stored.Path),
        purpose = stored.Purpose,
        bytes = stored.Bytes,
        createdAt = stored.CreatedAt.ToMicros(),
        told = stored.Told,
        model = stored.Work?.Model ?? "",
        providerModel = stored.Work?.ProviderModel ?? "",
        endpoint = stored.Work?.Endpoint ?? "",
        calls = stored.Work?.Calls ?? 0,
        inputTokens = stored.Work?.InputTokens ?? 0,
        outputTokens = stored.Work?.OutputTokens ?? 0,
        images = stored.Work?.Images ?? 0,
        holdId = stored.Hold?.ToString() ?? "",
        state = (int)stored.State,
        dueAt = stored.DueAt?.ToMicros(),
    };

    /// <summary>What <see cref="ObjectSql.Newest"/> and <see cref="ObjectSql.Oldest"/> are given.</summary>
    /// <param name="after">The object behind which the page begins; null: at the beginning.</param>
    public static IReadOnlyList<(string Name, object? Value)> Of(AccountId org, ObjectPage page, StoredObject? after) =>
    [
        ("@org", org.ToString()),
        ("@kind", (int)page.Kind),
        ("@purpose", page.Purpose ?? ""),
        ("@at", after?.CreatedAt.ToMicros() ?? (page.Ascending ? 0L : long.MaxValue)),
        ("@after", after?.Id ?? ""),
        ("@countMax", page.CountMax),
    ];

    public static StoredObject Read(DbDataReader row)
    {
        string model = row.GetString(10);
        string hold = row.GetString(17);
        return new StoredObject
        {
            Provider = row.GetString(0),
            Id = row.GetString(1),
            Kind = (ObjectKind)row.GetInt32(2),
            Org = AccountId.Parse(row.GetString(3)),
            KeyId = row.GetString(4),
            Path = PathText.ReadPath(row.GetString(5)),
            Purpose = row.GetString(6),
            Bytes = row.GetInt64(7),
            CreatedAt = Instants.FromMicros(row.GetInt64(8)),
            Told = row.GetString(9),
            Work = model.Length == 0
                ? null
                : new BatchWork(model, row.GetString(11), row.GetString(12), row.GetInt32(13), row.GetInt64(14), row.GetInt64(15), row.GetInt32(16)),
            Hold = hold.Length == 0 ? null : new HoldId(Guid.Parse(hold)),
            State = (AccountState)row.GetInt32(18),
            DueAt = row.IsDBNull(19) ? null : Instants.FromMicros(row.GetInt64(19)),
        };
    }
}
