using AIOrleans.Core.Limits;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Postgres;

/// <summary>Adds to windows and saves bucket levels, in the order of their keys.</summary>
internal static class PostgresWindows
{
    private const string AddSql = """
        INSERT INTO account_window AS w (account_no, period, period_start, operation, requests, tokens, cost_nano)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (account_no, period, period_start, operation) DO UPDATE
        SET requests = w.requests + excluded.requests, tokens = w.tokens + excluded.tokens, cost_nano = w.cost_nano + excluded.cost_nano
        """;

    private const string SaveSql = """
        INSERT INTO account_bucket AS b (account_no, epoch, sequence, requests_micro, tokens_micro, at)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_no) DO UPDATE
        SET epoch = excluded.epoch, sequence = excluded.sequence, requests_micro = excluded.requests_micro,
            tokens_micro = excluded.tokens_micro, at = excluded.at
        WHERE (excluded.epoch, excluded.sequence) > (b.epoch, b.sequence)
        """;

    public static void Add(PostgresPipeline pipeline, WindowDeltas deltas)
    {
        List<KeyValuePair<WindowKey, WindowDelta>> rows = deltas.InOrder();
        if (rows.Count == 0)
        {
            return;
        }

        T[] All<T>(Func<WindowKey, WindowDelta, T> value) => [.. rows.Select(row => value(row.Key, row.Value))];
        pipeline.Add(
            AddSql, null, All((key, _) => key.AccountNo), All((key, _) => (short)key.Period), All((key, _) => key.StartMicros), All((key, _) => key.Operation),
            All((_, delta) => delta.Requests), All((_, delta) => delta.Tokens), All((_, delta) => delta.CostNano));
    }

    public static void Save(PostgresPipeline pipeline, NewestBuckets buckets, PostgresAccounts accounts)
    {
        if (buckets.Count == 0)
        {
            return;
        }

        List<(long Number, BucketLevels Levels)> rows =
            [.. buckets.All.Select(levels => (accounts.NumberOf(levels.Account.ToString()), levels)).OrderBy(row => row.Item1)];
        T[] All<T>(Func<BucketLevels, T> value) => [.. rows.Select(row => value(row.Levels))];
        long[] numbers = [.. rows.Select(row => row.Number)];
        pipeline.Add(
            SaveSql, null, numbers, All(levels => levels.Epoch), All(levels => levels.Sequence), All(levels => levels.RequestsMicro),
            All(levels => levels.TokensMicro), All(levels => levels.At.ToMicros()));
    }
}
