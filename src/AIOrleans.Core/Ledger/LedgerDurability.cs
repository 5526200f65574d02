namespace AIOrleans.Core.Ledger;

/// <summary>When a hold counts as made, and what survives a crash. <c>Ledger:Durability</c>.</summary>
public enum LedgerDurability
{
    /// <summary>Holds are on disk before the provider is called: a killed silo's calls are charged as estimated. Default.</summary>
    Strict,

    /// <summary>Holds live in memory only: a killed silo's calls in flight are charged only if their settlement was written.</summary>
    Fast,
}
