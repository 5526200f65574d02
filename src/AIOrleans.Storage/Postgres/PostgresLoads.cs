using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Ledger;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Begins epochs and reads what the ledger knows of their accounts: one round trip for any number of them.</summary>
/// <remarks>
/// First the rows are locked for update, which waits for every transaction that still inserts holds under the old epochs. Then one statement, so one
/// snapshot, reads windows and holds together: a settlement that commits meanwhile is in both or in neither.
/// </remarks>
internal sealed class PostgresLoads(PostgresAccounts accounts, TimeProvider clock)
{
    /// <summary>Up to so many accounts the server filters open holds; beyond, comparing arrays costs more than sending all.</summary>
    private const int FilterMax = 32;

    private const string LockSql = "SELECT 1 FROM account WHERE account_no = ANY($1) ORDER BY account_no FOR UPDATE";

    private const string BeginSql = """
        UPDATE account a SET epoch = a.epoch + u.loads FROM unnest($1, $2) AS u (account_no, loads) WHERE a.account_no = u.account_no
        RETURNING a.account_no, a.epoch
        """;

    private const string ReadSql = """
        SELECT 1 AS part, account_no, NULL::uuid, operation, NULL::text, period::bigint, period_start, requests, tokens, cost_nano
        FROM account_window WHERE account_no = ANY($1)
          AND ((period = 4) OR (period = 3 AND period_start >= $2) OR (period = 2 AND period_start >= $3) OR (period = 1 AND period_start >= $4))
        UNION ALL
        SELECT 2, 0, hold_id, operation, path, worst_tokens, worst_nano, expected_tokens, expected_nano, lease_until
        FROM hold WHERE $5 OR accounts && $1
        UNION ALL
        SELECT 3, account_no, NULL, NULL, NULL, epoch, sequence, requests_micro, tokens_micro, at
        FROM account_bucket WHERE account_no = ANY($1)
        """;

    public void Load(NpgsqlConnection connection, IReadOnlyList<LoadWork> works)
    {
        accounts.Ensure(connection, works.Select(work => work.Account.ToString()));
        Dictionary<long, Loaded> loaded = [];
        foreach (LoadWork work in works)
        {
            long number = accounts.NumberOf(work.Account.ToString());
            loaded.TryAdd(number, new Loaded(work.Account));
            loaded[number].Works.Add(work);
        }

        long[] numbers = [.. loaded.Keys.Order()];
        long[] counts = [.. numbers.Select(number => (long)loaded[number].Works.Count)];
        WindowReach reach = WindowReach.At(clock.GetUtcNow());
        new PostgresPipeline(connection)
            .Add("BEGIN", null)
            .Add(LockSql, _ => { }, numbers)
            .Add(BeginSql, row => loaded[row.GetInt64(0)].Epoch = row.GetInt64(1), numbers, counts)
            .Add(ReadSql, row => Read(row, loaded), numbers, reach.Days, reach.Hours, reach.Minutes, numbers.Length > FilterMax)
            .Add("COMMIT", null)
            .Run();

        foreach (Loaded account in loaded.Values)
        {
            account.SetResults();
        }
    }

    private void Read(NpgsqlDataReader row, Dictionary<long, Loaded> loaded)
    {
        switch (row.GetInt32(0))
        {
            case 1:
                loaded[row.GetInt64(1)].Windows.Add(new WindowTotals(
                    (StoredPeriod)row.GetInt64(5), Instants.FromMicros(row.GetInt64(6)), row.GetString(3), row.GetInt64(7), row.GetInt64(8),
                    new NanoUsd(row.GetInt64(9))));
                break;
            case 2:
                ReadHold(row, loaded);
                break;
            default:
                Loaded account = loaded[row.GetInt64(1)];
                account.Buckets = new BucketLevels(
                    account.Account, row.GetInt64(5), row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt64(7), row.IsDBNull(8) ? null : row.GetInt64(8),
                    Instants.FromMicros(row.GetInt64(9)));
                break;
        }
    }

    private void ReadHold(NpgsqlDataReader row, Dictionary<long, Loaded> loaded)
    {
        var hold = new OpenHold(
            new HoldId(row.GetGuid(2)), row.GetString(3), new HoldSize(row.GetInt64(5), new NanoUsd(row.GetInt64(6))),
            new HoldSize(row.GetInt64(7), new NanoUsd(row.GetInt64(8))), Instants.FromMicros(row.GetInt64(9)));
        foreach (string name in PathText.NamesOf(row.GetString(4)))
        {
            if (accounts.TryNumberOf(name, out long number) && loaded.TryGetValue(number, out Loaded? account))
            {
                account.Holds.Add(hold);
            }
        }
    }

    /// <summary>One account while it is being read; several calls may load it at once.</summary>
    private sealed class Loaded(AccountId account)
    {
        public AccountId Account { get; } = account;

        public List<LoadWork> Works { get; } = [];

        public List<WindowTotals> Windows { get; } = [];

        public List<OpenHold> Holds { get; } = [];

        public BucketLevels? Buckets { get; set; }

        /// <summary>The newest epoch, after one step for each of <see cref="Works"/>.</summary>
        public long Epoch { get; set; }

        /// <summary>Each call gets an epoch of its own; only the newest may grant.</summary>
        public void SetResults()
        {
            for (int i = 0; i < Works.Count; i++)
            {
                Works[i].Result = new AccountSnapshot(Account, Epoch - Works.Count + 1 + i, Windows, Holds, Buckets);
            }
        }
    }
}
