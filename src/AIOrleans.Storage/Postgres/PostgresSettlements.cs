using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Settles one batch in two halves: what to write, and, when the database has said what was new, what to charge.</summary>
internal sealed class PostgresSettlements(PostgresAccounts accounts, PostgresEvents events)
{
    private readonly List<PlannedEvent> planned = [];
    private readonly List<StandingEstimate> replaced = [];
    private readonly List<SettlementRow> estimates = [];
    private readonly HashSet<(Guid Hold, int Attempt)> inserted = [];

    /// <summary>Decides what each settlement writes. Each hold id occurs once.</summary>
    /// <param name="open">Holds that this transaction has deleted: they have no events.</param>
    public void Plan(NpgsqlConnection connection, List<SettleWork> works, HashSet<Guid> open)
    {
        Guid[] others = [.. works.Select(work => work.Row.HoldId.Value).Where(id => !open.Contains(id)).Order()];
        RecordedUsage recorded = others.Length == 0 ? RecordedUsage.Nothing : events.Read(connection, others);
        foreach (SettleWork work in works)
        {
            Plan(work.Row, recorded);
        }
    }

    /// <summary>Writes events and estimates.</summary>
    public void Write(PostgresPipeline pipeline)
    {
        if (replaced.Count > 0)
        {
            events.DeleteEstimates(pipeline, [.. replaced.Select(estimate => estimate.Events[0].HoldId.Value)]);
        }

        if (planned.Count > 0)
        {
            events.Insert(pipeline, planned, inserted);
        }

        if (estimates.Count > 0)
        {
            events.AddEstimates(pipeline, estimates);
        }
    }

    /// <summary>Adds what was new to <paramref name="deltas"/> and sets the results; after <see cref="Write"/> has run.</summary>
    public void Charge(List<SettleWork> works, WindowDeltas deltas)
    {
        foreach (StandingEstimate estimate in replaced)
        {
            foreach (UsageEvent e in estimate.Events)
            {
                Charge(estimate.Windows, e, -1, deltas);
            }
        }

        HashSet<Guid> settled = [];
        foreach (PlannedEvent plan in planned.Where(plan => inserted.Contains((plan.Row.HoldId.Value, plan.Event.Attempt))))
        {
            Charge(plan.Row.Windows, plan.Event, 1, deltas);
            settled.Add(plan.Row.HoldId.Value);
        }

        settled.ExceptWith(replaced.Select(estimate => estimate.Events[0].HoldId.Value));
        foreach (SettleWork work in works)
        {
            work.Result = settled.Contains(work.Row.HoldId.Value) ? SettleOutcome.Settled : SettleOutcome.AlreadySettled;
        }
    }

    private void Plan(SettlementRow row, RecordedUsage recorded)
    {
        HashSet<int> known = [.. recorded.Events[row.HoldId.Value].Select(e => e.Event.Attempt)];
        if (row.IsEstimate)
        {
            // A keeper that comes late adds nothing to what is known.
            if (known.Count == 0)
            {
                planned.AddRange(row.Events.Select(e => new PlannedEvent(row, e, null)));
                estimates.Add(row);
            }
        }
        else if (recorded.EstimateOf(row.HoldId) is { } estimate)
        {
            SettlementRow truth = estimate.Replace(row);
            replaced.Add(estimate);
            planned.AddRange(truth.Events.Select(e => new PlannedEvent(truth, e, estimate.SequenceOf(e.Attempt))));
        }
        else
        {
            planned.AddRange(row.Events.Where(e => !known.Contains(e.Attempt)).Select(e => new PlannedEvent(row, e, null)));
        }
    }

    private void Charge(in WindowMicros windows, UsageEvent e, int sign, WindowDeltas deltas)
    {
        foreach (AccountId account in e.Path)
        {
            deltas.Add(accounts.NumberOf(account.ToString()), windows, e, sign);
        }
    }
}
