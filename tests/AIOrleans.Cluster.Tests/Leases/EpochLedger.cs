using System.Collections.Concurrent;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>A ledger that costs next to nothing, so that what is measured are the grains: it fences by epochs, adds up what is charged, and forgets the rest.</summary>
/// <remarks>Thread-safe. For silos of one process.</remarks>
internal sealed class EpochLedger : ILedger
{
    private readonly ConcurrentDictionary<AccountId, long> epochs = new();
    private readonly ConcurrentDictionary<HoldId, DurableHold> holds = new();
    private long charged;

    /// <summary>Nano-dollars.</summary>
    public long Charged => Interlocked.Read(ref charged);

    public Task<AccountSnapshot> LoadAsync(AccountId account, CancellationToken cancellationToken) =>
        Task.FromResult(new AccountSnapshot(account, epochs.AddOrUpdate(account, 1, (_, epoch) => epoch + 1), [], [], null));

    public Task<HoldOutcome> HoldAsync(DurableHold hold, CancellationToken cancellationToken)
    {
        foreach (AccountGrant grant in hold.Grants)
        {
            if (epochs.GetValueOrDefault(grant.Account) != grant.Epoch)
            {
                return Task.FromResult(HoldOutcome.Fenced);
            }
        }

        holds[hold.Id] = hold;
        return Task.FromResult(HoldOutcome.Recorded);
    }

    public Task<SettleOutcome> SettleAsync(Settlement settlement, CancellationToken cancellationToken)
    {
        if (!holds.TryRemove(settlement.HoldId, out _))
        {
            return Task.FromResult(SettleOutcome.AlreadySettled);
        }

        Interlocked.Add(ref charged, settlement.Events.Sum(call => call.Cost.Value));
        return Task.FromResult(SettleOutcome.Settled);
    }

    public Task<ExtendOutcome> ExtendAsync(HoldExtension extension, CancellationToken cancellationToken) => Task.FromResult(ExtendOutcome.NotOpen);

    public Task<IReadOnlyList<HoldId>> RenewAsync(IReadOnlyList<HoldId> holds, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        Task.FromResult(holds);

    public Task<IReadOnlyList<DurableHold>> ReadExpiredAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DurableHold>>([]);

    public Task<IReadOnlyList<UsageEvent>> ReadReplacedAsync(TimeSpan reach, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<UsageEvent>>([]);

    public Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(long afterSequence, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<UsageEvent>>([]);
}
