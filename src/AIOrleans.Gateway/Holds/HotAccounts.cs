using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;

namespace AIOrleans.Gateway.Holds;

/// <summary>Counts, of the last ten to twenty seconds, which accounts the calls of this process hold on.</summary>
/// <remarks>Thread-safe. Bounded: see <see cref="SpaceSaving{TKey}"/>.</remarks>
internal sealed class HotAccounts(TimeProvider time) : IHotAccounts
{
    /// <summary>Accounts that are counted at once: some 20 kB, and whoever has a hundredth of the load is surely among them.</summary>
    private const int Capacity = 256;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private SpaceSaving<AccountId> current = new(Capacity);
    private SpaceSaving<AccountId> last = new(Capacity);
    private long currentStamp = time.GetTimestamp();
    private TimeSpan lastSpan;

    /// <summary>A call asks for a hold on every account of <paramref name="path"/>.</summary>
    public void Note(IReadOnlyList<AccountId> path)
    {
        lock (gate)
        {
            Turn();
            for (int i = 0; i < path.Count; i++)
            {
                current.Add(path[i]);
            }
        }
    }

    public IReadOnlyList<HotAccount> Hottest(int count)
    {
        lock (gate)
        {
            TimeSpan span = Turn() + lastSpan;
            if (span <= TimeSpan.Zero)
            {
                return [];
            }

            return
            [
                .. current.Entries.Concat(last.Entries)
                    .GroupBy(entry => entry.Key, entry => entry.Count)
                    .Select(same => (Account: same.Key, Count: same.Sum()))
                    .OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Account)
                    .Take(count)
                    .Select(entry => new HotAccount(entry.Account.ToString(), decimal.Round(entry.Count * (decimal)TimeSpan.TicksPerSecond / span.Ticks, 2))),
            ];
        }
    }

    /// <summary>Begins a new span when the current one is over.</summary>
    /// <returns>How long the current one is.</returns>
    private TimeSpan Turn()
    {
        long now = time.GetTimestamp();
        TimeSpan age = time.GetElapsedTime(currentStamp, now);
        if (age < Span)
        {
            return age;
        }

        (last, current) = (current, last);
        current.Clear();
        lastSpan = age;
        if (age >= 2 * Span)
        {
            // Nobody came for so long that what was counted is over.
            last.Clear();
            lastSpan = Span;
        }

        currentStamp = now;
        return TimeSpan.Zero;
    }
}
