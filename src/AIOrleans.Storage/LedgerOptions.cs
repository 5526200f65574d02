namespace AIOrleans.Storage;

/// <summary>What survives a crash.</summary>
internal enum LedgerDurability
{
    /// <summary>A returned call is on disk. Default.</summary>
    Strict,

    /// <summary>A power cut may lose the last transactions (SQLite only); a killed process loses none that returned.</summary>
    Fast,
}

/// <summary>How the usage ledger groups its writes. Section <c>Ledger</c>.</summary>
internal sealed class LedgerOptions
{
    /// <summary>Default <see cref="LedgerDurability.Strict"/>.</summary>
    public LedgerDurability Durability { get; set; } = LedgerDurability.Strict;

    /// <summary>Most calls in one transaction. Default 1024, 1 to 4000: bounds how long one transaction keeps its locks.</summary>
    public int BatchSizeMax { get; set; } = 1024;

    /// <summary>How long a batch waits for company, in milliseconds. Default 0 (it forms while the previous one commits), at most 10.</summary>
    public int BatchDelayMaxMs { get; set; }

    /// <summary>Most calls waiting; one more is refused at once. Default 20 000, 100 to 1 000 000: some 20 MB of memory.</summary>
    public int QueueMax { get; set; } = 20_000;

    /// <summary>Longest wait of one call for the store, in seconds. Default 5, 1 to 60: a client gets its 503 within it.</summary>
    public int StoreTimeoutSeconds { get; set; } = 5;

    public TimeSpan StoreTimeout => TimeSpan.FromSeconds(StoreTimeoutSeconds);

    public TimeSpan BatchDelayMax => TimeSpan.FromMilliseconds(BatchDelayMaxMs);
}
