using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Adaptive;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Grains.Accounts;

/// <summary>Owns the numbers of one account: loads them from the ledger, lets <see cref="AccountBook"/> decide, loads them anew when in doubt.</summary>
/// <remarks>
/// Memory is never written by anyone else, and whatever is in it is in the ledger or is a grant on its way there under this epoch. So at any
/// doubt loading anew is right: the new epoch fences what was on its way. Only calls that need numbers load them; undoing, settling and
/// renewing never wait for the ledger, and however many raise a doubt, the next hold loads once for all of them.
/// </remarks>
internal sealed partial class AccountGrain(
    IDirectory directory, ILedger ledger, ILocalSiloDetails silo, IOptions<HoldOptions> options, IOptions<LineOptions> lineOptions, RateMultiplier multiplier,
    TimeProvider time, ILogger<AccountGrain> logger)
    : Grain, IAccountGrain
{
    /// <summary>Null under strict durability, where every hold that matters is in the ledger.</summary>
    private readonly UnwrittenHolds? unwritten = options.Value.Durability == LedgerDurability.Fast ? new UnwrittenHolds() : null;

    private readonly AccountLine line = new(lineOptions.Value.LengthMax, time);

    private AccountSource source = null!; // ! Set by OnActivateAsync before any call.

    /// <summary>Begins empty with each activation: a service level is of now, and money does not depend on it.</summary>
    private SlaWindow sla = null!; // ! Set by OnActivateAsync before any call.

    /// <summary>Null until the first call that needs it.</summary>
    private AccountBook? book;

    /// <summary>The book may differ from the ledger: it decides nothing until it is loaded anew.</summary>
    private bool isInDoubt;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        source = new AccountSource(AccountId.Parse(this.GetPrimaryKeyString()), ledger, directory, unwritten, multiplier, time);
        sla = new SlaWindow(time.GetUtcNow());
        return Task.CompletedTask;
    }

    public async Task<AccountAnswer> HoldAsync(HoldAsk ask)
    {
        AccountBook current = await ReadyAsync();
        DateTimeOffset now = time.GetUtcNow();
        HoldDecision decision = line.TryHold(current, ask, now);
        if (decision is HoldDecision.Granted granted)
        {
            unwritten?.Add(ask);
            return new AccountAnswer { Epoch = current.Epoch, Headroom = granted.Headroom, Buckets = granted.Buckets };
        }

        return new AccountAnswer { Epoch = current.Epoch, Denied = ((HoldDecision.Denied)decision).Facts, Headroom = line.HeadroomAt(current, now) };
    }

    public Task<bool> AwaitTurnAsync(HoldId id, TimeSpan patience) => line.AwaitTurnAsync(id, patience, () => isInDoubt ? null : book);

    public Task LeaveLineAsync(HoldId id) => line.LeaveAsync(id);

    public Task UndoAsync(HoldId id)
    {
        book?.TryUndo(id, time.GetUtcNow());
        unwritten?.Remove(id);
        line.Ring();
        return Task.CompletedTask;
    }

    public Task SettleAsync(SettledHold settled)
    {
        DateTimeOffset now = time.GetUtcNow();
        isInDoubt |= settled.IsReplay || unwritten?.MayBeLoaded(settled, source.LoadedAt) == true;

        // Not known here means loaded as settled: a strict hold is in the ledger before its call is made, so a load finds it open or settled.
        _ = settled.IsGivenBack
            ? book?.TryUndo(settled.Id, now)
            : book?.TrySettle(settled.Id, settled.Usage, settled.SettledAt, now);
        unwritten?.Remove(settled.Id);
        line.Ring();
        if (!settled.IsReplay)
        {
            sla.Observe(new SlaObservation(settled.FailedBy, settled.DurationMicros, settled.FirstByteMicros), settled.SettledAt);
        }

        return Task.CompletedTask;
    }

    public Task RenewAsync(HoldId id, DateTimeOffset leaseUntil)
    {
        book?.TryRenew(id, leaseUntil);
        unwritten?.Renew(id, leaseUntil);
        return Task.CompletedTask;
    }

    public Task ReloadAsync(long staleEpoch)
    {
        isInDoubt |= book?.Epoch == staleEpoch;
        return Task.CompletedTask;
    }

    public async Task<AccountView> ViewAsync()
    {
        AccountBook current = await ReadyAsync();
        DateTimeOffset now = time.GetUtcNow();
        return new AccountView { Live = current.ViewAt(now), Silo = silo.Name, ActivatedAt = source.LoadedAt, Sla = sla.ViewAt(now), Line = line.ViewAt(now) };
    }

    /// <summary>The book with everything that this moment knows.</summary>
    private ValueTask<AccountBook> ReadyAsync()
    {
        if (book is not { } current || isInDoubt)
        {
            return LoadAsync();
        }

        DateTimeOffset now = time.GetUtcNow();
        source.Configure(current, now);
        return current.HasExpired(now) && source.MayLookAgain(now) ? LoadOverdueAsync(current) : new ValueTask<AccountBook>(current);
    }

    private async ValueTask<AccountBook> LoadAsync()
    {
        book = await source.LoadAsync(book);
        isInDoubt = false;
        return book;
    }

    /// <summary>Looks what became of holds that outlived their lease: somebody has settled or renewed them, or their keeper is about to.</summary>
    private async ValueTask<AccountBook> LoadOverdueAsync(AccountBook current)
    {
        try
        {
            return await LoadAsync();
        }
        catch (StoreUnavailableException exception)
        {
            // They stay held for now: never too little.
            AccountLog.OverdueKept(logger, this.GetPrimaryKeyString(), exception.Message);
            return current;
        }
    }
}
