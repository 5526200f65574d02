using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Accounts;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace AIOrleans.Grains.Requests;

/// <summary>The accounts of one request and what they granted so far.</summary>
/// <remarks>Used by one call of the request grain, one step after the other.</remarks>
internal sealed class PathHold
{
    private readonly HoldCommand command;
    private readonly IAccountGrain[] accounts;
    private readonly ILogger logger;

    // Tenant first, like the accounts.
    private AccountAnswer?[] grants;
    private AccountAnswer?[]? fenced;

    /// <summary>Accounts from here to the end of the path may hold for this request.</summary>
    private int mayHoldFrom;

    public PathHold(HoldCommand command, AccountGrains accounts, ILogger logger)
    {
        this.command = command;
        this.logger = logger;
        this.accounts = new IAccountGrain[command.Path.Length];
        for (int i = 0; i < command.Path.Length; i++)
        {
            this.accounts[i] = accounts[command.Path[i]];
        }

        grants = new AccountAnswer?[this.accounts.Length];
        mayHoldFrom = this.accounts.Length;
    }

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
    public async Task<HoldReply> AskAsync(HoldAsk ask, bool isOutage = false)
    {
        Headroom headroom = Headroom.Unlimited;
        try
        {
            for (int i = accounts.Length - 1; i >= 0; i--)
            {
                // Whatever becomes of the call: its answer may be lost.
                mayHoldFrom = Math.Min(mayHoldFrom, i);
                AccountAnswer answer = await (isOutage ? accounts[i].HoldInOutageAsync(ask) : accounts[i].HoldAsync(ask));
                headroom = headroom.And(answer.Headroom);
                if (answer.Denied is { } denied)
                {
                    await UndoAsync();
                    return new HoldReply { Denied = denied, Headroom = headroom };
                }

                grants[i] = answer;
            }
        }
        catch
        {
            await UndoAsync();
            throw;
        }

        return new HoldReply { Headroom = headroom, LeaseUntil = ask.LeaseUntil };
    }

    /// <summary>Remembers what the ledger refused.</summary>
    public void NoteOutcome(HoldOutcome outcome)
    {
        if (outcome == HoldOutcome.Fenced)
        {
            fenced = grants;
            grants = new AccountAnswer?[accounts.Length];
        }
    }

    /// <summary>Makes every account that granted load itself anew before it grants again.</summary>
    public async Task ReloadAsync()
    {
        for (int i = 0; i < accounts.Length; i++)
        {
            if (grants[i] is { } grant)
            {
                await accounts[i].ReloadAsync(grant.Epoch);
            }
        }

        fenced = null;
    }

    /// <summary>Takes back whatever may be held.</summary>
    public async Task UndoAsync()
    {
        for (int i = accounts.Length - 1; i >= mayHoldFrom; i--)
        {
            try
            {
                await accounts[i].UndoAsync(command.Id);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                // The account is unreachable; its hold ends with its lease.
                RequestLog.UndoFailed(logger, command.Id.ToString(), command.Path[i].ToString(), exception);
            }
        }

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
}
