using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Raises the sizes of open holds, for whole batches. Only the writer's thread.</summary>
internal sealed class PostgresExtensions
{
    // Two extensions of one hold in one batch: the larger number of each.
    private const string ExtendSql = """
        WITH wanted AS (
            SELECT hold_id, max(worst_tokens) AS worst_tokens, max(worst_nano) AS worst_nano, max(expected_tokens) AS expected_tokens,
                   max(expected_nano) AS expected_nano
            FROM unnest($1, $2, $3, $4, $5) AS u (hold_id, worst_tokens, worst_nano, expected_tokens, expected_nano) GROUP BY hold_id),
        locked AS (SELECT hold_id FROM hold WHERE hold_id = ANY($1) ORDER BY hold_id FOR UPDATE)
        UPDATE hold h
        SET worst_tokens = GREATEST(h.worst_tokens, w.worst_tokens), worst_nano = GREATEST(h.worst_nano, w.worst_nano),
            expected_tokens = GREATEST(h.expected_tokens, w.expected_tokens), expected_nano = GREATEST(h.expected_nano, w.expected_nano)
        FROM wanted w JOIN locked l ON l.hold_id = w.hold_id WHERE h.hold_id = w.hold_id RETURNING h.hold_id
        """;

    private const string StandingSql = """
        SELECT u.place FROM hold h
        JOIN unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS u (hold_id, worst_tokens, worst_nano, expected_tokens, expected_nano, place)
          ON u.hold_id = h.hold_id
        WHERE h.worst_tokens >= u.worst_tokens AND h.worst_nano >= u.worst_nano
          AND h.expected_tokens >= u.expected_tokens AND h.expected_nano >= u.expected_nano
        """;

    /// <summary>Sets the outcome of every extension when the pipeline has run.</summary>
    /// <param name="isCurrent">True while no account was activated anew since it granted.</param>
    public void Write(PostgresPipeline pipeline, List<ExtendWork> works, Func<ExtendWork, bool> isCurrent)
    {
        List<ExtendWork> current = [.. works.Where(isCurrent)];
        List<ExtendWork> stale = [.. works.Except(current)];
        current.ForEach(static work => work.Result = ExtendOutcome.NotOpen);
        stale.ForEach(static work => work.Result = ExtendOutcome.Fenced);
        Add(pipeline, ExtendSql, current, row =>
        {
            Guid extended = row.GetGuid(0);
            current.FindAll(work => work.Extension.Id.Value == extended).ForEach(static work => work.Result = ExtendOutcome.Recorded);
        });

        // A repeated call whose first try was written: what is in the table is seen by every later load, so it stands.
        Add(pipeline, StandingSql, stale, row => stale[(int)row.GetInt64(0) - 1].Result = ExtendOutcome.Recorded);
    }

    private static void Add(PostgresPipeline pipeline, string sql, List<ExtendWork> works, Action<NpgsqlDataReader> read)
    {
        if (works.Count == 0)
        {
            return;
        }

        T[] All<T>(Func<HoldExtension, T> value) => [.. works.Select(work => value(work.Extension))];
        pipeline.Add(
            sql, read, All(e => e.Id.Value), All(e => e.Total.Worst.Tokens), All(e => e.Total.Worst.Cost.Value), All(e => e.Total.Expected.Tokens),
            All(e => e.Total.Expected.Cost.Value));
    }
}
