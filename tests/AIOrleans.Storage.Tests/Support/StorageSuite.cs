using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Storage.Tests.Support;

/// <summary>A suite that runs on each database: one class per database says where it comes from.</summary>
public abstract class StorageSuite : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private StorageHost? host;
    private TestDatabase? database;

    /// <summary>Processes that may share a database: SQLite serves one.</summary>
    protected virtual int HostsMax => 1;

    protected TestDatabase Database => database!;

    private protected StorageHost Host => host!;

    protected abstract Task<TestDatabase> CreateAsync();

    public virtual async Task InitializeAsync()
    {
        database = await CreateAsync();
        host = await database.OpenAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Database.DisposeAsync();
    }

    private protected Task<IReadOnlyList<AccountSnapshot>> LoadAsync() => LoadAsync(Requests.Path);

    private protected async Task<IReadOnlyList<AccountSnapshot>> LoadAsync(IEnumerable<AccountId> path) =>
        await Task.WhenAll(path.Select(account => Host.Ledger.LoadAsync(account, None)));

    /// <summary>Requests, tokens and nano-dollars of the account's only month.</summary>
    private protected async Task<(long Requests, long Tokens, long CostNano)> MonthOfAsync(AccountId account)
    {
        AccountSnapshot snapshot = await Host.Ledger.LoadAsync(account, None);
        WindowTotals month = snapshot.Windows.Single(window => window.Period == StoredPeriod.Month);
        return (month.Requests, month.Tokens, month.Cost.Value);
    }
}
