using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Leases;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Requests;

/// <summary>The accounts of one request and what they granted so far.</summary>
/// <remarks>Used by one call of the request grain, one step after the other.</remarks>
internal sealed class PathHold
{
    /// <summary>Longest wait, when giving up, for an account to take back what it granted: the caller waits for its refusal meanwhile.</summary>
    private static readonly TimeSpan UndoWaitMax = TimeSpan.FromSeconds(1);

    private readonly HoldCommand command;
    private readonly IAccountGrain[] accounts;
    private readonly SliceBook slices;
    private readonly TimeSpan answerWait;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    // Tenant first, like the accounts.
    private AccountAnswer?[] grants;
    private AccountAnswer?[]? fenced;

    /// <summary>Once fenced, only accounts themselves can say whether they have been loaded anew.</summary>
    private bool mayUseSlices = true;

    /// <summary>Accounts from here to the end of the path may hold for this request.</summary>
    private int mayHoldFrom;
    private int asked;

    /// <param name="answerWait">Longest wait for one answer of one account.</param>
    public PathHold(HoldCommand command, AccountGrains accounts, SliceBook slices, TimeSpan answerWait, TimeProvider time, ILogger logger)
    {
        this.command = command;
        this.slices = slices;
        this.answerWait = answerWait;
        this.time = time;
        this.logger = logger;
        this.accounts = accounts.Of(command.Path);
        grants = new AccountAnswer?[this.accounts.Length];
        mayHoldFrom = this.accounts.Length;
    }

    /// <summary>Who was asked last.</summary>
    public AccountId Asked => command.Path[asked];

    /// <summary>True when the ledger has refused exactly these grants: some account is not the newest activation of itself, and does not know.</summary>
    public bool IsSureToBeFenced
    {
        get
        {
            if (fenced is null)
            {
                return false;
            }

            for (int i = 0; i < grants.Length; i++)
            {
                if (grants[i]?.Epoch != fenced[i]?.Epoch)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Holds on every account or on none. Asked again, an account that still holds says so, and one that was loaded anew holds again.</summary>
    /// <remarks>Asks the narrowest account first: it refuses most often, and then the busy tenant was not even asked.</remarks>
    /// <param name="isOutage">Accounts answer from memory alone.</param>
    /// <exception cref="AccountUnreachableException">Whatever was granted stays held: ask again, or <see cref="GiveUpAsync"/>.</exception>
    public async Task<HoldReply> AskAsync(HoldAsk ask, bool isOutage = false)
    {
        Headroom headroom = Headroom.Unlimited;
        try
        {
            for (int i = accounts.Length - 1; i >= 0; i--)
            {
                // Whatever becomes of the call: its answer may be lost.
                mayHoldFrom = Math.Min(mayHoldFrom, i);
                asked = i;
                AccountAnswer answer = isOutage
                    ? await accounts[i].HoldInOutageAsync(ask).WaitAsync(answerWait, time)
                    : (mayUseSlices ? slices.TryTake(command.Path[i], ask) : null) ?? await AskAsync(i, ask);
                headroom = headroom.And(answer.Headroom);
                if (answer.Denied is { } denied)
                {
                    await UndoAsync();
                    return new HoldReply { Denied = denied, Headroom = headroom };
                }

                grants[i] = answer;
            }
        }
        catch (Exception exception) when (AccountGrains.IsUnreachable(exception))
        {
            // Not undone: a late undo would take away what the next try is granted under the same id.
            throw new AccountUnreachableException(command.Path[asked], exception);
        }
        catch
        {
            await UndoAsync();
            throw;
        }

        return new HoldReply { Headroom = headroom, LeaseUntil = ask.LeaseUntil };
    }

    /// <summary>Remembers what the ledger refused.</summary>
    public async ValueTask NoteOutcomeAsync(HoldOutcome outcome)
    {
        if (outcome == HoldOutcome.Fenced)
        {
            fenced = grants;
            grants = new AccountAnswer?[accounts.Length];
            mayUseSlices = false;
            foreach (AccountId account in command.Path)
            {
                await slices.CloseAsync(account, command.Id);
            }
        }
    }

    /// <summary>Makes every account that granted load itself anew before it grants again.</summary>
    /// <exception cref="AccountUnreachableException">As of <see cref="AskAsync"/>.</exception>
    public async Task ReloadAsync()
    {
        for (int i = 0; i < accounts.Length; i++)
        {
            if (grants[i] is not { } grant)
            {
                continue;
            }

            try
            {
                await accounts[i].ReloadAsync(grant.Epoch).WaitAsync(answerWait, time);
            }
            catch (Exception exception) when (AccountGrains.IsUnreachable(exception))
            {
                throw new AccountUnreachableException(command.Path[i], exception);
            }
        }

        fenced = null;
    }

    /// <summary>Takes back whatever may be held.</summary>
    public async Task UndoAsync()
    {
        for (int i = accounts.Length - 1; i >= mayHoldFrom; i--)
        {
            await UndoAsync(i, Timeout.InfiniteTimeSpan);
        }

        mayHoldFrom = accounts.Length;
    }

    /// <summary>Takes back whatever may be held, for good: this hold is not asked for again. Accounts out of reach are not waited for.</summary>
    public async Task GiveUpAsync()
    {
        await Task.WhenAll(Enumerable.Range(mayHoldFrom, accounts.Length - mayHoldFrom).Select(i => UndoAsync(i, UndoWaitMax)));
        mayHoldFrom = accounts.Length;
    }

    public DurableHold ToDurable(HoldAsk ask, DateTimeOffset now, string owner)
    {
        var granted = new AccountGrant[grants.Length];
        var buckets = new List<BucketLevels>();
        for (int i = 0; i < grants.Length; i++)
        {
            AccountAnswer grant = grants[i]!; // ! All were asked, and none refused.
            granted[i] = new AccountGrant(command.Path[i], grant.Epoch);
            if (grant.Buckets is { } levels)
            {
                buckets.Add(levels);
            }
        }

        return new DurableHold
        {
            Id = command.Id,
            Grants = granted,
            Worst = command.Worst,
            Expected = command.Expected,
            Operation = command.Operation,
            LeaseUntil = ask.LeaseUntil,
            HeldAt = now,
            Owner = owner,
            Attribution = command.Attribution,
            Buckets = buckets,
        };
    }

    private Task<AccountAnswer> AskAsync(int account, in HoldAsk ask)
    {
        HoldAsk wished = slices.Wish(command.Path[account], ask);
        return wished.Slice is null ? accounts[account].HoldAsync(wished).WaitAsync(answerWait, time) : AskForSliceAsync(account, wished);
    }

    private async Task<AccountAnswer> AskForSliceAsync(int account, HoldAsk wished)
    {
        AccountAnswer? answer = null;
        try
        {
            return answer = await accounts[account].HoldAsync(wished).WaitAsync(answerWait, time);
        }
        finally
        {
            slices.Keep(command.Path[account], wished, answer);
        }
    }

    private async Task UndoAsync(int account, TimeSpan waitMax)
    {
        if (await slices.TryUndoAsync(command.Path[account], command.Id))
        {
            return;
        }

        try
        {
            await accounts[account].UndoAsync(command.Id).WaitAsync(waitMax, time);
        }
        catch (Exception exception) when (AccountGrains.IsUnreachable(exception))
        {
            // If it did grant, its hold ends with its lease.
            RequestLog.UndoFailed(logger, command.Id.ToString(), command.Path[account].ToString(), exception.Message);
        }
    }
}
