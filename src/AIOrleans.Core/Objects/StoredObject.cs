using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Objects;

/// <summary>What providers keep for callers. Stored as numbers: never renumbered.</summary>
public enum ObjectKind
{
    File = 1,
    Batch = 2,
}

/// <summary>How far an object is accounted for. Stored as numbers: never renumbered.</summary>
public enum AccountState
{
    /// <summary>It costs nothing.</summary>
    None = 0,

    /// <summary>A batch whose worst case is charged as an estimate until it is known what it used.</summary>
    Estimated = 1,

    /// <summary>A batch whose true usage is in the ledger.</summary>
    Settled = 2,
}

/// <summary>
/// An object that a provider keeps, and whose it is: all callers share the provider's credentials, so that nothing but this record tells one tenant's
/// objects from another's.
/// </summary>
public sealed record StoredObject
{
    public required string Provider { get; init; }

    /// <summary>As the provider named it.</summary>
    public required string Id { get; init; }

    public required ObjectKind Kind { get; init; }

    /// <summary>Everybody in it may use the object, nobody else.</summary>
    public required AccountId Org { get; init; }

    /// <summary>The key that made it: <c>acme.eng.k1</c>.</summary>
    public required string KeyId { get; init; }

    /// <summary>Accounts of the key's path when it was made, tenant first.</summary>
    public required IReadOnlyList<AccountId> Path { get; init; }

    /// <summary>What a file is for, in the provider's word; empty for a batch.</summary>
    public string Purpose { get; init; } = "";

    public long Bytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the provider last said of it: its JSON, without contents.</summary>
    public required string Told { get; init; }

    /// <summary>What running it asks of a model: of a batch and of its input; null for all else.</summary>
    public BatchWork? Work { get; init; }

    /// <summary>The hold of a batch, under which it is charged.</summary>
    public HoldId? Hold { get; init; }

    public AccountState State { get; init; }

    /// <summary>When a batch that is not accounted for is looked at next.</summary>
    public DateTimeOffset? DueAt { get; init; }
}

/// <summary>The calls of a batch, summed up when its input was uploaded.</summary>
/// <param name="Model">The alias that all of them name.</param>
/// <param name="ProviderModel">The model's name at the provider, which stands in the uploaded lines.</param>
/// <param name="Endpoint">The address that all of them call: <c>/v1/chat/completions</c>.</param>
/// <param name="Calls">Lines.</param>
/// <param name="InputTokens">Most that they can read.</param>
/// <param name="OutputTokens">Most that they can write.</param>
/// <param name="Images">Images that they hold.</param>
public sealed record BatchWork(string Model, string ProviderModel, string Endpoint, int Calls, long InputTokens, long OutputTokens, int Images)
{
    /// <summary>What batches are counted as. Rates of tokens are not theirs: a provider runs them beside the calls of the minute, within a day.</summary>
    public const string Operation = "batches";
}
