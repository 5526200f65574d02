using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Ends holds and records their usage, exactly once by (hold, attempt). Only within the writer's turn.</summary>
internal sealed class SqliteSettlements(SqliteWriter writer, SqliteAccounts accounts, SqliteHolds holds, SqliteEvents events, SqliteWindows windows)
{
    private readonly SqliteEstimates estimates = new(writer);

    /// <summary>Writes the events.</summary>
    public SettleOutcome Settle(SettlementRow row)
    {
        // An open hold has no events: nothing to compare with.
        if (holds.Delete(row.HoldId))
        {
            return Record(row, []);
        }

        HashSet<int> known = events.AttemptsOf(row.HoldId);
        if (known.Count == 0)
        {
            return Record(row, known);
        }

        // A keeper that comes late adds nothing to what is known.
        if (row.IsEstimate)
        {
            return SettleOutcome.AlreadySettled;
        }

        if (estimates.Find(row.HoldId) is { } estimate)
        {
            Replace(estimate, row);
            return SettleOutcome.AlreadySettled;
        }

        return Record(row, known);
    }

    private SettleOutcome Record(SettlementRow row, HashSet<int> known)
    {
        var outcome = SettleOutcome.AlreadySettled;
        foreach (UsageEvent e in row.Events)
        {
            if (!known.Contains(e.Attempt))
            {
                events.Insert(row, e, sequence: null);
                windows.Wrote(e);
                outcome = SettleOutcome.Settled;
            }
        }

        if (row.IsEstimate)
        {
            estimates.Add(row);
        }

        return outcome;
    }

    private void Replace(StandingEstimate estimate, SettlementRow truth)
    {
        // Then the estimate is in the sums, and what it charged can be taken out.
        windows.CatchUp();
        var deltas = new WindowDeltas();
        SettlementRow row = estimate.Replace(truth);
        events.Delete(row.HoldId);
        estimates.MarkReplaced(row.HoldId);
        foreach (UsageEvent e in estimate.Events)
        {
            Charge(estimate.Windows, e, -1, deltas);
        }

        foreach (UsageEvent e in row.Events)
        {
            events.Insert(row, e, estimate.SequenceOf(e.Attempt));
            Charge(row.Windows, e, 1, deltas);
        }

        windows.Add(deltas);
    }

    private void Charge(in WindowMicros starts, UsageEvent e, int sign, WindowDeltas deltas)
    {
        foreach (AccountId account in e.Path)
        {
            deltas.Add(accounts.NumberOf(account.ToString()), starts, e, sign);
        }
    }
}
