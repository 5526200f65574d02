using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>Looks at a hot tenant again and again while it is bought from, and remembers the worst that it saw.</summary>
internal sealed class StrandedMoney(Func<Task<AccountView>> viewAsync)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Most slices that were out at once.</summary>
    public int SlicesMax { get; private set; }

    /// <summary>Most of the budget that was in slices at once, in millionths of it.</summary>
    public long PartsPerMillionMax { get; private set; }

    /// <summary>True when more was used and held than the budget has.</summary>
    public bool IsOver { get; private set; }

    public async Task WatchAsync(Task until)
    {
        while (!until.IsCompleted)
        {
            AccountView view = await viewAsync();
            QuotaLive quota = Assert.Single(view.Live.Quotas);
            IsOver |= quota.Used + quota.Held > quota.Amount;
            SlicesMax = Math.Max(SlicesMax, view.Slices?.Count ?? 0);
            PartsPerMillionMax = Math.Max(PartsPerMillionMax, (long)((Int128)(view.Slices?.Size.Cost.Value ?? 0) * 1_000_000 / quota.Amount));
            await Task.WhenAny(until, Task.Delay(Pause, TimeProvider.System));
        }
    }
}
