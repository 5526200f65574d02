using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Leases;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Requests;

/// <summary>The accounts of one hold that grows, and what they granted so far.</summary>
/// <remarks>Used by one extension, one step after the other.</remarks>
internal sealed class PathExtension
{
    private readonly ExtendCommand command;
    private readonly HoldSizes total;
    private readonly IAccountGrain[] accounts;
    private readonly SliceBook slices;
    private readonly TimeSpan accountWait;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    // Tenant first, like the accounts.
    private readonly ExtendAnswer?[] grants;
    private long[] fencedEpochs = [];

    /// <param name="accountWait">Longest wait for one account.</param>
    public PathExtension(ExtendCommand command, AccountGrains accounts, SliceBook slices, TimeSpan accountWait, TimeProvider time, ILogger logger)
    {
        this.command = command;
        this.slices = slices;
        this.accountWait = accountWait;
        this.time = time;
        this.logger = logger;
        total = new HoldSizes(command.Worst, command.Expected);
        this.accounts = [.. command.Path.Select(account => accounts[account])];
        grants = new ExtendAnswer?[this.accounts.Length];
    }

    /// <summary>Extends on every account or on none, the narrowest first. Asked again, an account that has the new size already says so.</summary>
    /// <exception cref="AccountUnreachableException">Nothing is extended, except perhaps there.</exception>
    public async Task<ExtendReply> AskAsync()
    {
        for (int i = accounts.Length - 1; i >= 0; i--)
        {
            ExtendAnswer answer;
            try
            {
                await slices.HandOverAsync(command.Path[i], command.Id);
                answer = await accounts[i].ExtendAsync(new ExtendAsk { Id = command.Id, Total = total, Reason = command.Reason }).WaitAsync(accountWait, time);
            }
            catch (Exception exception)
            {
                await ShrinkAsync();
                if (AccountGrains.IsUnreachable(exception))
                {
                    throw new AccountUnreachableException(command.Path[i], exception);
                }

                throw;
            }

            if (answer.Before is null)
            {
                await ShrinkAsync();
                return answer.Denied is { } denied ? new ExtendReply { Denied = denied } : new ExtendReply { Unavailable = $"{command.Path[i]} has no such hold." };
            }

            // An activation that is asked again tells the new size: what it was before is what it said first.
            grants[i] = grants[i] is { } first && first.Epoch == answer.Epoch ? answer with { Before = first.Before } : answer;
        }

        return new ExtendReply();
    }

    /// <summary>Has those that granted load themselves anew, if the ledger has refused exactly these grants before: some account does not know that it is not the newest.</summary>
    public async Task NoteFencedAsync()
    {
        long[] epochs = [.. grants.Select(grant => grant?.Epoch ?? 0)];
        if (epochs.SequenceEqual(fencedEpochs))
        {
            await Task.WhenAll(accounts.Select((account, i) => TryAsync(i, () => account.ReloadAsync(epochs[i]))));
        }

        fencedEpochs = epochs;
    }

    /// <summary>Makes every account that granted hold what it held before.</summary>
    public async Task ShrinkAsync()
    {
        for (int i = accounts.Length - 1; i >= 0; i--)
        {
            if (grants[i] is { Before: { } before })
            {
                var ask = new ShrinkAsk { Id = command.Id, From = before.Or(total), To = before };
                IAccountGrain account = accounts[i];
                await TryAsync(i, () => account.ShrinkAsync(ask));
                grants[i] = null;
            }
        }
    }

    public HoldExtension ToDurable() => new()
    {
        Id = command.Id,
        Grants = [.. grants.Select((grant, i) => new AccountGrant(command.Path[i], grant!.Epoch))], // ! All were asked, and none refused.
        Total = total,
        Buckets = [.. grants.Select(grant => grant?.Buckets).OfType<BucketLevels>()],
    };

    private async Task TryAsync(int account, Func<Task> call)
    {
        try
        {
            await call().WaitAsync(accountWait, time);
        }
        catch (Exception exception) when (AccountGrains.IsUnreachable(exception))
        {
            // It holds the new size, or is loaded anew from a ledger that does not have it: either way not too little, and no longer than the call.
            ExtensionLog.NotTakenBack(logger, command.Id.ToString(), command.Path[account].ToString(), exception.Message);
        }
    }
}
