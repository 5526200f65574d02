using System.Globalization;
using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Statements on the hold table, for whole batches. Only the writer's thread.</summary>
internal sealed class PostgresHolds(PostgresAccounts accounts)
{
    // The share lock makes a load (which updates the row) wait for us, and us for a load; in this order nobody deadlocks.
    private const string EpochsSql = "SELECT account_no, epoch FROM account WHERE account_no = ANY($1) ORDER BY account_no FOR SHARE";

    private const string DeleteSql = """
        DELETE FROM hold WHERE hold_id IN (SELECT hold_id FROM hold WHERE hold_id = ANY($1) ORDER BY hold_id FOR UPDATE) RETURNING hold_id
        """;

    private const string KnownSql = """
        SELECT hold_id FROM hold WHERE hold_id = ANY($1) UNION SELECT hold_id FROM usage_event WHERE hold_id = ANY($1)
        """;

    // A hold that was already settled is never inserted again.
    private const string InsertSql = """
        INSERT INTO hold (hold_id, owner, lease_until, held_at, path, accounts, worst_tokens, worst_nano, expected_tokens, expected_nano,
                          operation, key_id, model, time_zone, tags)
        SELECT u.hold_id, u.owner, u.lease_until, u.held_at, u.path, u.accounts::bigint[], u.worst_tokens, u.worst_nano, u.expected_tokens,
               u.expected_nano, u.operation, u.key_id, u.model, u.time_zone, u.tags::jsonb
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
          AS u (hold_id, owner, lease_until, held_at, path, accounts, worst_tokens, worst_nano, expected_tokens, expected_nano,
                operation, key_id, model, time_zone, tags)
        WHERE NOT EXISTS (SELECT 1 FROM usage_event e WHERE e.hold_id = u.hold_id)
        ON CONFLICT (hold_id) DO NOTHING
        """;

    private const string RenewSql = """
        UPDATE hold SET lease_until = GREATEST(lease_until, $2)
        WHERE hold_id IN (SELECT hold_id FROM hold WHERE hold_id = ANY($1) ORDER BY hold_id FOR UPDATE) RETURNING hold_id
        """;

    /// <summary>Locks the epochs of all <paramref name="grants"/> and fills <paramref name="epochs"/> (by account number).</summary>
    public void ReadEpochs(PostgresPipeline pipeline, IEnumerable<AccountGrant> grants, Dictionary<long, long> epochs)
    {
        long[] numbers = [.. grants.Select(grant => accounts.NumberOf(grant.Account.ToString())).Distinct()];
        if (numbers.Length > 0)
        {
            pipeline.Add(EpochsSql, row => epochs[row.GetInt64(0)] = row.GetInt64(1), numbers);
        }
    }

    public bool IsCurrent(IReadOnlyList<AccountGrant> grants, Dictionary<long, long> epochs) =>
        grants.All(grant => epochs.GetValueOrDefault(accounts.NumberOf(grant.Account.ToString())) == grant.Epoch);

    /// <summary>Ends holds; <paramref name="deleted"/> receives those that were open.</summary>
    public void Delete(PostgresPipeline pipeline, List<SettleWork> works, HashSet<Guid> deleted)
    {
        if (works.Count == 0)
        {
            return;
        }

        Guid[] ids = [.. works.Select(work => work.Row.HoldId.Value)];
        pipeline.Add(DeleteSql, row => deleted.Add(row.GetGuid(0)), ids);
    }

    /// <summary>Which of <paramref name="ids"/> are open or were settled.</summary>
    public HashSet<Guid> FindKnown(NpgsqlConnection connection, Guid[] ids)
    {
        HashSet<Guid> known = [];
        new PostgresPipeline(connection).Add(KnownSql, row => known.Add(row.GetGuid(0)), ids).Run();
        return known;
    }

    public void Insert(PostgresPipeline pipeline, List<HoldRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        // By id: concurrent inserts of one id by two processes wait for each other in one order.
        rows.Sort(static (left, right) => left.Hold.Id.Value.CompareTo(right.Hold.Id.Value));
        T[] All<T>(Func<HoldRow, T> value) => [.. rows.Select(value)];
        pipeline.Add(
            InsertSql, null, All(r => r.Hold.Id.Value), All(r => r.Hold.Owner), All(r => r.Hold.LeaseUntil.ToMicros()), All(r => r.Hold.HeldAt.ToMicros()),
            All(r => r.Path), All(AccountsOf), All(r => r.Hold.Worst.Tokens), All(r => r.Hold.Worst.Cost.Value), All(r => r.Hold.Expected.Tokens),
            All(r => r.Hold.Expected.Cost.Value), All(r => r.Hold.Operation), All(r => r.Hold.Attribution.KeyId), All(r => r.Hold.Attribution.Model),
            All(r => r.Hold.Attribution.TimeZone), All(r => r.Tags));
    }

    public void Renew(PostgresPipeline pipeline, RenewWork work)
    {
        List<HoldId> renewed = [];
        Guid[] ids = [.. work.Holds.Select(id => id.Value)];
        pipeline.Add(RenewSql, row => renewed.Add(new HoldId(row.GetGuid(0))), ids, work.LeaseUntil.ToMicros());
        work.Result = renewed;
    }

    // An array of arrays: unnest would flatten it, so that it travels as text.
    private string AccountsOf(HoldRow row) =>
        $"{{{string.Join(',', row.Hold.Grants.Select(grant => accounts.NumberOf(grant.Account.ToString()).ToString(CultureInfo.InvariantCulture)))}}}";
}
