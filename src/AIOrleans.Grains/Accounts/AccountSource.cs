using AIOrleans.Core.Accounts;
using AIOrleans.Core.Adaptive;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Adaptive;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Accounts;

/// <summary>The book of one account, and where it comes from: its numbers from the ledger, its limits from the directory.</summary>
/// <remarks>Owned by the account's grain, which is its lock.</remarks>
internal sealed class AccountSource(
    AccountId account, string silo, ILedger ledger, IDirectory directory, UnwrittenHolds? unwritten, OutageMemory journaled, RateMultiplier multiplier, TimeProvider time,
    ILogger logger)
{
    /// <summary>Least time after a failed load, and between two that look for overdue holds: a store needs a moment to come back, a keeper to settle.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private DirectorySnapshot? configuredFrom;
    private DateTimeOffset failedAt;

    /// <summary>Completes with the load that is under way; null while there is none.</summary>
    private TaskCompletionSource? loading;

    /// <summary>What the rates of the newest book are scaled by.</summary>
    private int multiplierPerMille;

    public AccountId Account => account;

    /// <summary>When the newest book was loaded.</summary>
    public DateTimeOffset LoadedAt { get; private set; }

    /// <summary>Null until the first call that needs it.</summary>
    public AccountBook? Book { get; private set; }

    /// <summary>The book may differ from the ledger: it decides nothing until it is loaded anew.</summary>
    public bool IsInDoubt { get; set; }

    /// <summary>The book if it can be looked at now; null when it must be loaded first. While the ledger is away it is what there is.</summary>
    public AccountBook? BookAtHand => IsInDoubt && journaled.IsEmpty ? null : Book;

    /// <summary>The book with everything that this moment knows.</summary>
    /// <exception cref="StoreUnavailableException">It must be loaded, and the ledger cannot be reached, or could not a moment ago.</exception>
    public ValueTask<AccountBook> ReadyAsync()
    {
        if (Book is not { } book || IsInDoubt)
        {
            return ReloadAsync();
        }

        DateTimeOffset now = time.GetUtcNow();
        Configure(book, now);
        bool mayLookAgain = now - LoadedAt > Pause && now - failedAt > Pause;
        return mayLookAgain && book.HasExpired(now) ? LookForOverdueAsync(book) : new ValueTask<AccountBook>(book);
    }

    /// <summary>The book as memory has it, because the ledger is away; without any it knows nothing but what the outage journal has.</summary>
    public AccountBook ReadyInOutage()
    {
        DateTimeOffset now = time.GetUtcNow();
        if (Book is null)
        {
            IsInDoubt = true;
            AccountConfig limits = NewestConfig();
            multiplierPerMille = AdaptiveControl.UnscaledPerMille;
            Book = new AccountBook(limits, journaled.CarryInto(new AccountSnapshot(account, 0, [], [], null), null, limits.TimeZone, now), now);
        }

        Configure(Book, now);
        return Book;
    }

    /// <summary>Waits for a load that is under way: what the ledger is asked for meanwhile, it may or may not have told.</summary>
    public async Task WhenLoadedAsync()
    {
        while (loading is { } underWay)
        {
            await underWay.Task;
        }
    }

    private async ValueTask<AccountBook> ReloadAsync()
    {
        Book = await LoadAloneAsync(Book);
        IsInDoubt = false;
        return Book;
    }

    private async Task<AccountBook> LoadAloneAsync(AccountBook? old)
    {
        loading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            return Book = await LoadAsync(old);
        }
        finally
        {
            loading.SetResult();
            loading = null;
        }
    }

    /// <summary>Looks what became of holds that outlived their lease: somebody has settled or renewed them, or their keeper is about to.</summary>
    private async ValueTask<AccountBook> LookForOverdueAsync(AccountBook old)
    {
        try
        {
            Book = await LoadAloneAsync(old);
        }
        catch (StoreUnavailableException exception)
        {
            // They stay held for now: never too little.
            AccountLog.OverdueKept(logger, account.ToString(), exception.Message);
        }

        return Book ?? old;
    }

    /// <summary>Begins an epoch.</summary>
    /// <param name="old">What memory had so far; null at first.</param>
    private async Task<AccountBook> LoadAsync(AccountBook? old)
    {
        // One caller waits for a store that is away; those behind it in the grain's queue must not add their waits to its own.
        if (time.GetUtcNow() - failedAt <= Pause)
        {
            throw StoreSilo.Noted(new StoreUnavailableException($"The ledger could not be reached a moment ago to load {account}."), silo);
        }

        AccountSnapshot snapshot;
        try
        {
            snapshot = await ledger.LoadAsync(account, CancellationToken.None);
        }
        catch (StoreUnavailableException exception)
        {
            failedAt = time.GetUtcNow();
            StoreSilo.Noted(exception, silo);
            throw;
        }

        LoadedAt = time.GetUtcNow();
        snapshot = unwritten?.CarryInto(snapshot, old?.Levels(LoadedAt), LoadedAt) ?? snapshot;
        multiplierPerMille = AdaptiveControl.UnscaledPerMille;
        AccountConfig config = NewestConfig();
        var book = new AccountBook(config, journaled.CarryInto(snapshot, old, config.TimeZone, LoadedAt), LoadedAt);
        if (old is not null)
        {
            book.Resume(old);
        }

        Adapt(book, LoadedAt);
        return book;
    }

    /// <summary>Gives the book the newest limits and the newest multiplier of its rates, if there are newer ones.</summary>
    private void Configure(AccountBook book, DateTimeOffset now)
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
