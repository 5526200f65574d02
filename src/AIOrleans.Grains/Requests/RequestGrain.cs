using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Leases;
using AIOrleans.Grains.Outages;
using AIOrleans.Grains.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace AIOrleans.Grains.Requests;

/// <summary>Fans holds out over the accounts of a path and makes them durable; ends them the other way round.</summary>
[StatelessWorker]
internal sealed class RequestGrain(
    ILedger ledger, AccountGrains accounts, SliceBook slices, LedgerHolds holds, OutageHolds outages, HoldExtensions extensions, Settlements settlements,
    IOptions<HoldOptions> options, TimeProvider time, ILogger<RequestGrain> logger)
    : Grain, IRequestGrain
{
    private readonly HoldOptions options = options.Value;

    public Task<HoldReply> HoldAsync(HoldCommand command)
    {
        TenantGate.Check(command, logger);
        return outages.IsAway ? outages.HoldAsync(command) : holds.HoldAsync(command);
    }

    public async Task<DateTimeOffset> RenewAsync(RenewCommand command)
    {
        DateTimeOffset leaseUntil = time.GetUtcNow() + options.Lease;
        HoldId[] ids = [.. command.Holds.Select(hold => hold.Id)];
        HashSet<HoldId> open = [.. outages.Renew(ids, leaseUntil)];
        try
        {
            open.UnionWith(options.Durability == LedgerDurability.Fast ? ids : await ledger.RenewAsync(ids, leaseUntil, CancellationToken.None));
        }
        catch (StoreUnavailableException) when (open.Count > 0)
        {
            // Those that are in the ledger only wait for it: the next renewal is well within their lease.
        }

        IEnumerable<Task> renewals =
            from hold in command.Holds
            where open.Contains(hold.Id)
            from account in hold.Path
            select RenewAsync(account, hold.Id, leaseUntil);
        await Task.WhenAll(renewals);
        return leaseUntil;
    }

    public Task<ExtendReply> ExtendAsync(ExtendCommand command) => extensions.ExtendAsync(command);

    public Task SettleAsync(SettleCommand command) => settlements.SettleAsync(command);

    private async Task RenewAsync(AccountId account, HoldId id, DateTimeOffset leaseUntil)
    {
        try
        {
            await slices.HandOverAsync(account, id);
            await accounts[account].RenewAsync(id, leaseUntil);
        }
        catch (Exception exception) when (AccountGrains.IsUnreachable(exception))
        {
            // The account finds the hold overdue, looks into the ledger, and knows.
            RequestLog.NotRenewed(logger, id.ToString(), exception);
        }
    }
}
