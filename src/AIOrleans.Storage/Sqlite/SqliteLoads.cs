using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Begins epochs and reads what the ledger knows of their accounts. Only within the writer's turn.</summary>
internal sealed class SqliteLoads(SqliteWriter writer, SqliteAccounts accounts, SqliteWindows sums, TimeProvider clock)
{
    private readonly SqliteStatement windows = new(writer, """
        SELECT period, period_start, operation, requests, tokens, cost_nano FROM account_window
        WHERE account_no = ?1
          AND ((period = 4) OR (period = 3 AND period_start >= ?2) OR (period = 2 AND period_start >= ?3) OR (period = 1 AND period_start >= ?4))
        """);

    private readonly SqliteStatement bucket = new(
        writer, "SELECT epoch, sequence, requests_micro, tokens_micro, at FROM account_bucket WHERE account_no = ?");

    private readonly SqliteStatement holds = new(
        writer, "SELECT hold_id, path, operation, worst_tokens, worst_nano, expected_tokens, expected_nano, lease_until FROM hold");

    public void Load(IReadOnlyList<LoadWork> loads)
    {
        // Several loads of one account get epochs of their own; only the newest may grant.
        Dictionary<string, List<OpenHold>> holdsOf = new(StringComparer.Ordinal);
        foreach (LoadWork load in loads)
        {
            holdsOf.TryAdd(load.Account.ToString(), []);
        }

        sums.CatchUp();
        CollectHolds(holdsOf);
        WindowReach reach = WindowReach.At(clock.GetUtcNow());
        foreach (LoadWork load in loads)
        {
            string name = load.Account.ToString();
            (long number, long epoch) = accounts.BeginEpoch(name);
            load.Result = new AccountSnapshot(load.Account, epoch, ReadWindows(number, reach), holdsOf[name], ReadBuckets(load.Account, number));
        }
    }

    /// <summary>One scan of the small table of open holds, whatever the number of accounts.</summary>
    private void CollectHolds(Dictionary<string, List<OpenHold>> holdsOf)
    {
        holds.Start();
        while (holds.Read())
        {
            OpenHold? hold = null;
            foreach (string name in PathText.NamesOf(holds.Text(1)))
            {
                if (holdsOf.TryGetValue(name, out List<OpenHold>? open))
                {
                    hold ??= new OpenHold(
                        new HoldId(holds.Id(0)), holds.Text(2), new HoldSize(holds.Long(3), new NanoUsd(holds.Long(4))),
                        new HoldSize(holds.Long(5), new NanoUsd(holds.Long(6))), Instants.FromMicros(holds.Long(7)));
                    open.Add(hold.Value);
                }
            }
        }
    }

    private List<WindowTotals> ReadWindows(long number, WindowReach reach)
    {
        List<WindowTotals> totals = [];
        windows.Start().Bind(number).Bind(reach.Days).Bind(reach.Hours).Bind(reach.Minutes);
        while (windows.Read())
        {
            totals.Add(new WindowTotals(
                (StoredPeriod)windows.Long(0), Instants.FromMicros(windows.Long(1)), windows.Text(2),
                windows.Long(3), windows.Long(4), new NanoUsd(windows.Long(5))));
        }

        return totals;
    }

    private BucketLevels? ReadBuckets(AccountId account, long number)
    {
        bucket.Start().Bind(number);
        if (!bucket.Read())
        {
            return null;
        }

        var levels = new BucketLevels(
            account, bucket.Long(0), bucket.Long(1), bucket.LongOrNull(2), bucket.LongOrNull(3), Instants.FromMicros(bucket.Long(4)));
        bucket.Reset();
        return levels;
    }
}
