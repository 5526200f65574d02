using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;

namespace AIOrleans.Identity;

/// <summary>The price book of this process: follows the store, and swaps one immutable book for the next.</summary>
/// <remarks>Thread-safe. Reading <see cref="Current"/> never waits; refreshes run one at a time.</remarks>
public sealed class LivePrices(IPriceStore store) : IPrices, IDisposable
{
    /// <summary>Decisions made anew because another process wrote in between, before giving up.</summary>
    private const int AttemptsMax = 10;

    private readonly SemaphoreSlim refreshing = new(1, 1);
    private volatile PriceBook current = PriceBook.Empty;

    public PriceBook Current => current;

    /// <summary>Reads what the store has beyond <see cref="Current"/>.</summary>
    /// <exception cref="StoreUnavailableException">Nothing changed; the book stays.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            PriceBook before = current;
            current = before.With(await store.ReadAsync(before.Sequence, cancellationToken));
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>Adds to the history what <paramref name="decide"/> says, deciding anew whenever another writer was faster, and returns when <see cref="Current"/> shows it.</summary>
    /// <param name="decide">Pure: from the newest book to the lines to add; none ends the change.</param>
    /// <exception cref="StoreUnavailableException">Other writers were faster every time, or the store cannot be reached.</exception>
    public async Task ChangeAsync(Func<PriceBook, IReadOnlyList<PriceRecord>> decide, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            await RefreshAsync(cancellationToken);
            PriceBook seen = Current;
            IReadOnlyList<PriceRecord> records = decide(seen);
            if (records.Count == 0)
            {
                return;
            }

            if (await store.WriteAsync(records, seen.Sequence, cancellationToken))
            {
                await RefreshAsync(cancellationToken);
                return;
            }
        }

        throw new StoreUnavailableException($"The price history changed {AttemptsMax} times while it was to be written; try again.");
    }

    /// <summary>Adds the prices of <paramref name="list"/> to the history, in force from <paramref name="from"/> on.</summary>
    /// <param name="isDryRun">True writes nothing, and tells what would be written.</param>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    public async Task<PriceImport> ImportAsync(PriceList list, DateTimeOffset from, DateTimeOffset now, bool isDryRun, CancellationToken cancellationToken)
    {
        PriceImport? import = null;
        await ChangeAsync(
            book =>
            {
                import = PriceChanges.OfList(book, list, from, now);
                return isDryRun ? [] : import.Records;
            },
            cancellationToken);
        return import ?? throw new InvalidOperationException("A change is decided at least once.");
    }

    public void Dispose() => refreshing.Dispose();
}
