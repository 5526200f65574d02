using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Accounts;

/// <summary>Open holds of one account that only memory has (<c>fast</c> durability): a load, which cannot find them, takes them along.</summary>
internal sealed class UnwrittenHolds
{
    private readonly Dictionary<HoldId, OpenHold> holds = [];

    /// <summary>Those granted before the last load, which may have seen them settled.</summary>
    private readonly HashSet<HoldId> carried = [];

    public void Add(in HoldAsk ask) => holds[ask.Id] = new OpenHold(ask.Id, ask.Operation, ask.Worst, ask.Expected, ask.LeaseUntil);

    public void Remove(HoldId id)
    {
        holds.Remove(id);
        carried.Remove(id);
    }

    public void Renew(HoldId id, DateTimeOffset leaseUntil)
    {
        if (holds.TryGetValue(id, out OpenHold hold) && hold.LeaseUntil < leaseUntil)
        {
            holds[id] = hold with { LeaseUntil = leaseUntil };
        }
    }

    /// <summary>Follows a hold that grows, or that does not after all.</summary>
    public void Resize(HoldId id, in HoldSizes sizes)
    {
        if (holds.TryGetValue(id, out OpenHold hold))
        {
            holds[id] = hold with { Worst = sizes.Worst, Expected = sizes.Expected };
        }
    }

    /// <summary>True when the load of <paramref name="loadedAt"/> may have counted <paramref name="settled"/>, and may not have.</summary>
    /// <remarks>Compares clocks: one that is behind costs a load, one that is ahead counts twice until the next.</remarks>
    public bool MayBeLoaded(SettledHold settled, DateTimeOffset loadedAt) => holds.ContainsKey(settled.Id)
        ? carried.Contains(settled.Id) && settled.SettledAt <= loadedAt
        : !settled.IsGivenBack;

    /// <summary>Adds what is still alive to what the ledger knows.</summary>
    /// <param name="levels">The buckets as memory has them, which the ledger has never seen; null without memory.</param>
    public AccountSnapshot CarryInto(AccountSnapshot snapshot, BucketLevels? levels, DateTimeOffset now)
    {
        carried.Clear();
        foreach (OpenHold written in snapshot.Holds)
        {
            holds.Remove(written.Id);
        }

        foreach (OpenHold hold in holds.Values.Where(hold => hold.LeaseUntil < now).ToList())
        {
            holds.Remove(hold.Id);
        }

        carried.UnionWith(holds.Keys);
        return snapshot with { Holds = [.. snapshot.Holds, .. holds.Values], Buckets = levels ?? snapshot.Buckets };
    }
}
