using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace AIOrleans.Grains.Requests;

/// <summary>Fans holds out over the accounts of a path and makes them durable; ends them the other way round.</summary>
[StatelessWorker]
internal sealed class RequestGrain(
    ILedger ledger, Settlements settlements, ILocalSiloDetails silo, IOptions<HoldOptions> options, TimeProvider time, ILogger<RequestGrain> logger)
    : Grain, IRequestGrain
{
    /// <summary>Times a hold is asked anew after an account changed hands: once is usual when silos move, thrice means the ledger is in trouble.</summary>
    private const int FencedTriesMax = 4;

    private readonly HoldOptions options = options.Value;

    public async Task<HoldReply> HoldAsync(HoldCommand command)
    {
        settlements.EnsureRoom();
        for (int tries = 1; tries <= FencedTriesMax; tries++)
        {
            DateTimeOffset now = time.GetUtcNow();
            var ask = new HoldAsk(command.Id, command.Operation, command.Worst, command.Expected, now + options.Lease);
            var grants = new List<AccountAnswer>(command.Path.Length);
            HoldReply reply = await AskAsync(command, ask, grants);
            if (reply.Denied is not null || options.Durability == LedgerDurability.Fast)
            {
                return reply;
            }

            if (await RecordAsync(command, ask, grants, now))
            {
                return reply;
            }

            RequestLog.Fenced(logger, command.Id.ToString(), tries);
            await UndoAsync(command, grants.Count);
            await Task.WhenAll(grants.Select((grant, i) => AccountAt(command, i).ReloadAsync(grant.Epoch)));
        }

        throw new StoreUnavailableException("The accounts of this request kept moving between silos. Try again.");
    }

    public async Task<DateTimeOffset> RenewAsync(RenewCommand command)
    {
        DateTimeOffset leaseUntil = time.GetUtcNow() + options.Lease;
        HoldId[] ids = [.. command.Holds.Select(hold => hold.Id)];
        HashSet<HoldId> open = options.Durability == LedgerDurability.Fast
            ? [.. ids]
            : [.. await ledger.RenewAsync(ids, leaseUntil, CancellationToken.None)];
        IEnumerable<Task> renewals =
            from hold in command.Holds
            where open.Contains(hold.Id)
            from account in hold.Path
            select GrainFactory.GetGrain<IAccountGrain>(account.ToString()).RenewAsync(hold.Id, leaseUntil);
        await Task.WhenAll(renewals);
        return leaseUntil;
    }

    public Task SettleAsync(SettleCommand command) => settlements.SettleAsync(command);

    /// <summary>Asks the narrowest account first: it refuses most often, and then the busy tenant was not even asked.</summary>
    private async Task<HoldReply> AskAsync(HoldCommand command, HoldAsk ask, List<AccountAnswer> grants)
    {
        Headroom headroom = Headroom.Unlimited;
        try
        {
            for (int i = 0; i < command.Path.Length; i++)
            {
                AccountAnswer answer = await AccountAt(command, i).HoldAsync(ask);
                headroom = headroom.And(answer.Headroom);
                if (answer.Denied is { } denied)
                {
                    await UndoAsync(command, grants.Count);
                    return new HoldReply { Denied = denied, Headroom = headroom };
                }

                grants.Add(answer);
            }
        }
        catch
        {
            // The account that threw may have granted before its answer was lost: it is asked to undo as well.
            await UndoAsync(command, Math.Min(grants.Count + 1, command.Path.Length));
            throw;
        }

        return new HoldReply { Headroom = headroom, LeaseUntil = ask.LeaseUntil };
    }

    private async Task<bool> RecordAsync(HoldCommand command, HoldAsk ask, List<AccountAnswer> grants, DateTimeOffset now)
    {
        var hold = new DurableHold
        {
            Id = command.Id,
            Grants = [.. grants.Select((grant, i) => new AccountGrant(AccountIdAt(command, i), grant.Epoch)).Reverse()],
            Worst = command.Worst,
            Expected = command.Expected,
            Operation = command.Operation,
            LeaseUntil = ask.LeaseUntil,
            HeldAt = now,
            Owner = silo.Name,
            Attribution = command.Attribution,
            Buckets = [.. grants.Select(grant => grant.Buckets).OfType<BucketLevels>()],
        };
        try
        {
            return await ledger.HoldAsync(hold, CancellationToken.None) == HoldOutcome.Recorded;
        }
        catch (StoreUnavailableException)
        {
            // It may or may not have been written. Giving it back through the ledger is right in both cases, and keeps the accounts' holds until then.
            settlements.GiveBack(hold);
            throw;
        }
    }

    private async Task UndoAsync(HoldCommand command, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            try
            {
                await AccountAt(command, i).UndoAsync(command.Id);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The account is unreachable; its hold ends with its lease.
                RequestLog.UndoFailed(logger, command.Id.ToString(), AccountIdAt(command, i).ToString(), exception);
            }
        }
    }

    private static AccountId AccountIdAt(HoldCommand command, int fromNarrowest) => command.Path[command.Path.Length - 1 - fromNarrowest];

    private IAccountGrain AccountAt(HoldCommand command, int fromNarrowest) =>
        GrainFactory.GetGrain<IAccountGrain>(AccountIdAt(command, fromNarrowest).ToString());
}
