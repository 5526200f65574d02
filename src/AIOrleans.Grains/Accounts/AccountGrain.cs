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

    /// <summary>What only the outage journal has.</summary>
    private readonly OutageMemory journaled = new();

    private AccountSource source = null!; // ! Set by OnActivateAsync before any call.

    /// <summary>Begins empty with each activation: a service level is of now, and money does not depend on it.</summary>
    private SlaWindow sla = null!; // ! Set by OnActivateAsync before any call.

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        source = new AccountSource(AccountId.Parse(this.GetPrimaryKeyString()), ledger, directory, unwritten, journaled, multiplier, time, logger);
        sla = new SlaWindow(time.GetUtcNow());
        return Task.CompletedTask;
    }

    public async Task<AccountAnswer> HoldAsync(HoldAsk ask)
    {
        AccountBook current = await ReadyAsync();
        AccountAnswer answer = line.AnswerTo(current, ask, time.GetUtcNow());
        if (answer.Denied is null)
        {
            unwritten?.Add(ask);
        }

        return answer;
    }

    public Task<AccountAnswer> HoldInOutageAsync(HoldAsk ask)
    {
        AccountAnswer answer = line.AnswerTo(source.ReadyInOutage(), ask, time.GetUtcNow());
        if (answer.Denied is null)
        {
            journaled.Add(ask);
        }

        return Task.FromResult(answer);
    }

    public Task<bool> AwaitTurnAsync(HoldId id, TimeSpan patience) => line.AwaitTurnAsync(id, patience, () => source.BookAtHand);

    public Task LeaveLineAsync(HoldId id) => line.LeaveAsync(id);

    public Task UndoAsync(HoldId id)
    {
        source.Book?.TryUndo(id, time.GetUtcNow());
        unwritten?.Remove(id);
        line.Ring();
        journaled.Remove(id);
        return Task.CompletedTask;
    }

    public Task<BucketLevels?> SettleAsync(SettledHold settled)
    {
        DateTimeOffset now = time.GetUtcNow();
        AccountBook? book = source.Book;
        source.IsInDoubt |= settled.IsReplay || unwritten?.MayBeLoaded(settled, source.LoadedAt) == true;

        // Not known here means loaded as settled: a strict hold is in the ledger before its call is made, so a load finds it open or settled.
        // Only what the journal alone has is not.
        bool? isCounted = settled.IsGivenBack
            ? book?.TryUndo(settled.Id, now)
            : book?.TrySettle(settled.Id, settled.Usage, settled.SettledAt, now);
        source.IsInDoubt |= journaled.Note(settled, book, isCounted == true, now);
        unwritten?.Remove(settled.Id);
        line.Ring();
        if (!settled.IsReplay)
        {
            sla.Observe(new SlaObservation(settled.FailedBy, settled.DurationMicros, settled.FirstByteMicros), settled.SettledAt);
        }

        CrossedQuotas.Tell(book, now, logger);
        return Task.FromResult(book?.OverrunLevels(now));
    }

    public Task RenewAsync(HoldId id, DateTimeOffset leaseUntil)
    {
        source.Book?.TryRenew(id, leaseUntil);
        unwritten?.Renew(id, leaseUntil);
        journaled.Renew(id, leaseUntil);
        return Task.CompletedTask;
    }

    public Task ReloadAsync(long staleEpoch)
    {
        source.IsInDoubt |= source.Book?.Epoch == staleEpoch;
        return Task.CompletedTask;
    }

    public async Task<AccountView> ViewAsync()
    {
        AccountBook current = !journaled.IsEmpty && source.Book is { } book ? book : await source.ReadyAsync();
        DateTimeOffset now = time.GetUtcNow();
        return new AccountView
        {
            Live = current.ViewAt(now), Silo = silo.Name, ActivatedAt = source.LoadedAt, Sla = sla.ViewAt(now), Line = line.ViewAt(now),
            Journaled = journaled.ViewOf(current),
        };
    }

    private async ValueTask<AccountBook> ReadyAsync()
    {
        try
        {
            return await source.ReadyAsync();
        }
        catch (StoreUnavailableException exception)
        {
            StoreSilo.Note(exception, silo.Name);
            throw;
        }
    }
}
