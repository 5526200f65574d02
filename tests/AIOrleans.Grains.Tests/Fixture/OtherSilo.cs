using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>Another silo that keeps a slice of the tenant, and does with it what the test says.</summary>
internal sealed class OtherSilo(GrainHost host)
{
    private const int Calls = 10;

    private readonly List<SettledHold> settled = [];
    private readonly List<HoldCommand> open = [];

    public SliceGrant Grant { get; private set; } = null!; // ! Set by TakeAsync, which makes it.

    public long Epoch { get; private set; }

    /// <summary>Takes a slice of the tenant.</summary>
    public static async Task<OtherSilo> TakeAsync(GrainHost host)
    {
        HoldCommand scout = Requests.Ask();
        var silo = new OtherSilo(host);
        HoldSizes sizes = new(Times(scout.Worst), Times(scout.Expected));
        var ask = new HoldAsk(
            scout.Id, scout.Operation, scout.Worst, scout.Expected, host.Clock.Now + Requests.Lease, Slice: new SliceWish(Calls, sizes));
        AccountAnswer answer = await host.Account(Requests.Tenant).HoldAsync(ask);
        silo.Grant = Assert.IsType<SliceGrant>(answer.Slice);
        silo.Epoch = answer.Epoch;
        return silo;
    }

    /// <summary>Admits a call and makes it durable.</summary>
    public async Task<HoldOutcome> AdmitAsync(HoldCommand command)
    {
        HoldOutcome outcome = await RecordAsync(command);
        if (outcome == HoldOutcome.Recorded)
        {
            open.Add(command);
        }

        return outcome;
    }

    /// <summary>Makes the hold of a call durable by the epoch of the slice.</summary>
    public Task<HoldOutcome> RecordAsync(HoldCommand command) => host.Ledger.HoldAsync(
        new DurableHold
        {
            Id = command.Id, Grants = [new AccountGrant(Requests.Tenant, Epoch)], Worst = command.Worst, Expected = command.Expected, Operation = command.Operation,
            LeaseUntil = host.Clock.Now + Requests.Lease, HeldAt = host.Clock.Now, Owner = "other", Attribution = command.Attribution,
        },
        CancellationToken.None);

    /// <summary>Settles in the ledger; the account hears of it when the slice goes back.</summary>
    public async Task SettleAsync(HoldCommand command, long tokens, long cost)
    {
        SettleCommand used = command.Used(tokens, cost, host.Clock.Now);
        used = used with { Events = [used.Events[0] with { Path = [Requests.Tenant] }] };
        await host.Ledger.SettleAsync(
            new Settlement(used.Id, used.Events, WindowStarts.At(host.Clock.Now, TimeZoneInfo.Utc)), CancellationToken.None);
        settled.Add(TestNotices.Of(used, isReplay: false));
        open.Remove(command);
    }

    public Task ReturnAsync() => host.Account(Requests.Tenant).RetireAsync(new RetireAsk
    {
        Id = Grant.Id, Epoch = Epoch, Operation = Grant.Operation, Settled = [.. settled],
        Open = [.. open.Select(call => new SliceCall(call.Id, new HoldSizes(call.Worst, call.Expected), host.Clock.Now + Requests.Lease))],
    });

    /// <summary>Completes when the account wants the slice back, or has not for so long.</summary>
    public Task<bool> IsWantedAsync(TimeSpan patience) => host.Account(Requests.Tenant).AwaitRecallAsync(Epoch, Grant.Recalls, patience);

    private static HoldSize Times(HoldSize size) => new(size.Tokens * Calls, new(size.Cost.Value * Calls));
}
