using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Grains.Accounts;

/// <summary>References to account grains, kept because a request needs a dozen and making one costs more than calling it.</summary>
/// <remarks>Thread-safe. Benchmark: HoldSettleThroughput.</remarks>
internal sealed class AccountGrains(IGrainFactory grains)
{
    /// <summary>References kept, some 200 bytes each; when full all are dropped and the active ones come back.</summary>
    private const int CountMax = 20_000;

    private readonly ConcurrentDictionary<AccountId, IAccountGrain> known = new();
    private readonly ConditionalWeakTable<AccountId[], IAccountGrain[]> paths = [];

    // Counting a concurrent dictionary takes all its locks.
    private int count;

    /// <exception cref="AccountUnreachableException">No silo of the cluster keeps accounts.</exception>
    public IAccountGrain this[AccountId account] => known.TryGetValue(account, out IAccountGrain? grain) ? grain : Add(account);

    /// <summary>The accounts of a path, in its order; kept with the path where calls share it. Not to be changed.</summary>
    /// <exception cref="AccountUnreachableException">As of one.</exception>
    public IAccountGrain[] Of(ImmutableArray<AccountId> path) =>
        ImmutableCollectionsMarshal.AsArray(path) is { } accounts && paths.TryGetValue(accounts, out IAccountGrain[]? grains) ? grains : AddPath(path);

    /// <summary>True for what a call ends in whose silo has died, is dying, or does not answer in time: asked again, the account lives elsewhere.</summary>
    public static bool IsUnreachable(Exception exception) => exception is TimeoutException or OrleansException;

    private IAccountGrain[] AddPath(ImmutableArray<AccountId> path)
    {
        var grains = new IAccountGrain[path.Length];
        for (int i = 0; i < path.Length; i++)
        {
            grains[i] = this[path[i]];
        }

        if (ImmutableCollectionsMarshal.AsArray(path) is { } accounts)
        {
            paths.AddOrUpdate(accounts, grains);
        }

        return grains;
    }

    private IAccountGrain Add(AccountId account)
    {
        if (Interlocked.Increment(ref count) > CountMax)
        {
            known.Clear();
            Volatile.Write(ref count, 0);
        }

        try
        {
            return known[account] = grains.GetGrain<IAccountGrain>(account.ToString());
        }
        catch (ArgumentException exception)
        {
            // No silo of the cluster has the class: all that could keep accounts have gone.
            throw new AccountUnreachableException(account, exception);
        }
    }
}
