using AIOrleans.Core.Accounts;
using AIOrleans.Core.Adaptive;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Adaptive;

namespace AIOrleans.Grains.Accounts;

/// <summary>Where the book of one account comes from: its numbers from the ledger, its limits from the directory.</summary>
/// <remarks>Owned by the account's grain, which is its lock.</remarks>
internal sealed class AccountSource(AccountId account, ILedger ledger, IDirectory directory, UnwrittenHolds? unwritten, RateMultiplier multiplier, TimeProvider time)
{
    /// <summary>Least time after a failed load, and between two that look for overdue holds: a store needs a moment to come back, a keeper to settle.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private DirectorySnapshot? configuredFrom;
    private DateTimeOffset failedAt;

    /// <summary>What the rates of the newest book are scaled by.</summary>
    private int multiplierPerMille;

    /// <summary>When the newest book was loaded.</summary>
    public DateTimeOffset LoadedAt { get; private set; }

    /// <summary>False so shortly after the last load that looking again could hardly find anything new.</summary>
    public bool MayLookAgain(DateTimeOffset now) => now - LoadedAt > Pause && now - failedAt > Pause;

    /// <summary>Begins an epoch.</summary>
    /// <param name="old">What memory had so far; null at first.</param>
    /// <exception cref="StoreUnavailableException">The ledger cannot be reached, or could not a moment ago.</exception>
    public async Task<AccountBook> LoadAsync(AccountBook? old)
    {
        // One caller waits for a store that is away; those behind it in the grain's queue must not add their waits to its own.
        if (time.GetUtcNow() - failedAt <= Pause)
        {
            throw new StoreUnavailableException($"The ledger could not be reached a moment ago to load {account}.");
        }

        AccountSnapshot snapshot;
        try
        {
            snapshot = await ledger.LoadAsync(account, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            failedAt = time.GetUtcNow();
            throw;
        }

        LoadedAt = time.GetUtcNow();
        snapshot = unwritten?.CarryInto(snapshot, old?.Levels(LoadedAt), LoadedAt) ?? snapshot;
        multiplierPerMille = AdaptiveControl.UnscaledPerMille;
        var loaded = new AccountBook(NewestConfig(), snapshot, LoadedAt);
        Adapt(loaded, LoadedAt);
        return loaded;
    }

    /// <summary>Gives the book the newest limits and the newest multiplier of its rates, if there are newer ones.</summary>
    public void Configure(AccountBook book, DateTimeOffset now)
    {
        if (!ReferenceEquals(directory.Current, configuredFrom))
        {
            book.Configure(NewestConfig(), now);
        }

        Adapt(book, now);
    }

    private void Adapt(AccountBook book, DateTimeOffset now)
    {
        int newest = multiplier.PerMille;
        if (newest != multiplierPerMille)
        {
            multiplierPerMille = newest;
            book.Adapt(newest, now);
        }
    }

    private AccountConfig NewestConfig()
    {
        configuredFrom = directory.Current;

        // A record deleted while calls are in flight still owns their holds: it keeps its numbers without limits.
        return configuredFrom.FindAccount(account) ?? new AccountConfig(account, LimitsConfig.None, "UTC");
    }
}
