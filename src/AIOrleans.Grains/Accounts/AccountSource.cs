using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Accounts;

/// <summary>Where the book of one account comes from: its numbers from the ledger, its limits from the directory.</summary>
/// <remarks>Owned by the account's grain, which is its lock.</remarks>
internal sealed class AccountSource(
    AccountId account, ILedger ledger, IDirectory directory, UnwrittenHolds? unwritten, OutageMemory journaled, TimeProvider time, ILogger logger)
{
    /// <summary>Least time after a failed load, and between two that look for overdue holds: a store needs a moment to come back, a keeper to settle.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private DirectorySnapshot? configuredFrom;
    private DateTimeOffset failedAt;

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
        AccountConfig config = NewestConfig();
        var book = new AccountBook(config, journaled.CarryInto(snapshot, old, config.TimeZone, LoadedAt), LoadedAt);
        if (old is not null)
        {
            book.Resume(old);
        }

        return book;
    }

    /// <summary>Looks what became of holds that outlived their lease: somebody has settled or renewed them, or their keeper is about to.</summary>
    /// <returns><paramref name="old"/> when the ledger is away.</returns>
    public async Task<AccountBook> LoadOrKeepAsync(AccountBook old)
    {
        try
        {
            return await LoadAsync(old);
        }
        catch (StoreUnavailableException exception)
        {
            // They stay held for now: never too little.
            AccountLog.OverdueKept(logger, account.ToString(), exception.Message);
            return old;
        }
    }

    /// <summary>A book that knows nothing but what the outage journal has: for an account that is asked first while the ledger is away.</summary>
    public AccountBook MakeProvisional()
    {
        DateTimeOffset now = time.GetUtcNow();
        AccountConfig config = NewestConfig();
        return new AccountBook(config, journaled.CarryInto(new AccountSnapshot(account, 0, [], [], null), null, config.TimeZone, now), now);
    }

    /// <summary>Gives the book the newest limits, if there are newer ones.</summary>
    public void Configure(AccountBook book, DateTimeOffset now)
    {
        if (!ReferenceEquals(directory.Current, configuredFrom))
        {
            book.Configure(NewestConfig(), now);
        }
    }

    private AccountConfig NewestConfig()
    {
        configuredFrom = directory.Current;

        // A record deleted while calls are in flight still owns their holds: it keeps its numbers without limits.
        return configuredFrom.FindAccount(account) ?? new AccountConfig(account, LimitsConfig.None, "UTC");
    }
}
