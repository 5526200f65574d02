using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Requests;

/// <summary>Makes accounts load themselves anew whose orphan's estimate was replaced by the true usage.</summary>
/// <remarks>
/// Whoever replaces one tells the accounts. But it was a silo that the others had given up, or there would be no estimate: it may be dead to them or gone before it can,
/// and no hold is left whose lease would make an account look. So every silo looks for it in the ledger. Told twice, an account loads twice; it happens rarely.
/// </remarks>
internal sealed class Corrections(ILedger ledger, AccountNotices notices, TimeProvider time, ILogger<Corrections> logger)
{
    /// <summary>How far back it looks: further than a commit of another silo can be late to be seen.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromMinutes(1);

    private const int CountMax = 1000;

    private readonly SettlementWindows windows = new();
    private readonly Dictionary<HoldId, DateTimeOffset> seen = [];

    /// <summary>Tells the accounts of what is new. Called by one task at a time.</summary>
    /// <exception cref="StoreUnavailableException">Looked for again the next time.</exception>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<UsageEvent> events = await ledger.ReadReplacedAsync(Reach, CountMax, cancellationToken);
        foreach (HoldId old in seen.Where(entry => now - entry.Value > Reach * 2).Select(entry => entry.Key).ToArray())
        {
            seen.Remove(old);
        }

        foreach (IGrouping<HoldId, UsageEvent> hold in events.GroupBy(e => e.HoldId))
        {
            if (seen.TryAdd(hold.Key, now))
            {
                UsageEvent first = hold.First();
                RequestLog.Corrected(logger, hold.Key.ToString());
                await notices.TellAsync(new Settlement(hold.Key, [.. hold], windows.At(first.SettledAt, first.Attribution.TimeZone)), isReplay: true);
            }
        }
    }
}
