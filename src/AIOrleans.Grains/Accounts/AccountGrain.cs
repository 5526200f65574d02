using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Grains.Accounts;

/// <summary>Owns the numbers of one account: loads them from the ledger, lets <see cref="AccountBook"/> decide, forgets them when idle.</summary>
/// <remarks>
/// Memory is never written by anyone else, and whatever is in it is in the ledger or is a grant on its way there under this
/// epoch. So at any doubt (an unknown hold, an overdue one, a fenced grant) reloading is right: the new epoch fences what was on its way.
/// </remarks>
internal sealed class AccountGrain(IDirectory directory, ILedger ledger, ILocalSiloDetails silo, TimeProvider time) : Grain, IAccountGrain
{
    /// <summary>Overdue holds are looked for in the ledger at most this often: their keeper needs a moment to settle them.</summary>
    private static readonly TimeSpan ReloadPause = TimeSpan.FromSeconds(1);

    private AccountBook book = null!; // ! Set by OnActivateAsync before any call.
    private DirectorySnapshot? configuredFrom;
    private DateTimeOffset loadedAt;

    private AccountId Account => AccountId.Parse(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public async Task<AccountAnswer> HoldAsync(HoldAsk ask)
    {
        DateTimeOffset now = await RefreshAsync();
        return book.TryHold(ask, now) switch
        {
            HoldDecision.Granted granted => new AccountAnswer { Epoch = book.Epoch, Headroom = granted.Headroom, Buckets = granted.Buckets },
            HoldDecision.Denied denied => new AccountAnswer { Epoch = book.Epoch, Denied = denied.Facts, Headroom = book.HeadroomAt(now) },
            _ => throw new InvalidOperationException("A hold is granted or denied."),
        };
    }

    public Task UndoAsync(HoldId id)
    {
        book.TryUndo(id, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task SettleAsync(SettledHold settled)
    {
        // A hold that this activation does not know was counted by the load that began it, or is about to be by this one.
        return book.TrySettle(settled.Id, settled.Usage, settled.SettledAt, time.GetUtcNow()) ? Task.CompletedTask : LoadAsync(CancellationToken.None);
    }

    public Task RenewAsync(HoldId id, DateTimeOffset leaseUntil)
    {
        book.TryRenew(id, leaseUntil);
        return Task.CompletedTask;
    }

    public Task ReloadAsync(long staleEpoch) => book.Epoch == staleEpoch ? LoadAsync(CancellationToken.None) : Task.CompletedTask;

    public async Task<AccountView> ViewAsync()
    {
        DateTimeOffset now = await RefreshAsync();
        return new AccountView { Live = book.ViewAt(now), Silo = silo.Name, ActivatedAt = loadedAt };
    }

    private ValueTask<DateTimeOffset> RefreshAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        DirectorySnapshot current = directory.Current;
        if (!ReferenceEquals(current, configuredFrom))
        {
            book.Configure(ConfigIn(current), now);
            configuredFrom = current;
        }

        return book.HasExpired(now) && now - loadedAt > ReloadPause ? ReloadExpiredAsync() : ValueTask.FromResult(now);
    }

    private async ValueTask<DateTimeOffset> ReloadExpiredAsync()
    {
        await LoadAsync(CancellationToken.None);
        return time.GetUtcNow();
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        AccountSnapshot snapshot = await ledger.LoadAsync(Account, cancellationToken);
        DirectorySnapshot current = directory.Current;
        loadedAt = time.GetUtcNow();
        configuredFrom = current;
        book = new AccountBook(ConfigIn(current), snapshot, loadedAt);
    }

    // A record deleted while calls are in flight still owns their holds: it keeps its numbers without limits.
    private AccountConfig ConfigIn(DirectorySnapshot snapshot) => snapshot.FindAccount(Account) ?? new AccountConfig(Account, LimitsConfig.None, "UTC");
}
