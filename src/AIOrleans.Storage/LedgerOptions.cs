using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage;

/// <summary>How the usage ledger groups its writes. Section <c>Ledger</c>.</summary>
internal sealed class LedgerOptions
{
    /// <summary>Default <see cref="LedgerDurability.Strict"/>.</summary>
    public LedgerDurability Durability { get; set; } = LedgerDurability.Strict;

    /// <summary>Most calls in one transaction. Default 1024, 1 to 4000: bounds how long one transaction keeps its locks.</summary>
    public int BatchSizeMax { get; set; } = 1024;

    /// <summary>How long settlements wait for a hold to share its transaction, in milliseconds. Default 2, 0 to 10. Nobody waits for a settlement.</summary>
    public int SettleDelayMaxMs { get; set; } = 2;

    /// <summary>Most calls waiting; one more is refused at once. Default 20 000, 100 to 1 000 000: some 20 MB of memory.</summary>
    public int QueueMax { get; set; } = 20_000;

    /// <summary>Longest wait of one call for the store, in seconds. Default 5, 1 to 60: a client gets its 503 within it.</summary>
    public int StoreTimeoutSeconds { get; set; } = 5;

    /// <summary>Largest outage journal, in bytes. Default 64 MiB, 64 KiB to 16 GiB: some 30 000 calls; what does not fit is refused.</summary>
    public long JournalBytesMax { get; set; } = 64 * 1024 * 1024;

    public TimeSpan StoreTimeout => TimeSpan.FromSeconds(StoreTimeoutSeconds);

    public TimeSpan SettleDelayMax => TimeSpan.FromMilliseconds(SettleDelayMaxMs);
}
