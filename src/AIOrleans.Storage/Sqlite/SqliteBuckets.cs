using AIOrleans.Core.Limits;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Sqlite.Log;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Saves levels of buckets: of each account the newest of a transaction. Only within the writer's turn.</summary>
internal sealed class SqliteBuckets(SqliteWriter writer, SqliteAccounts accounts)
{
    private readonly Dictionary<long, Levels> newest = [];

    private readonly SqliteStatement save = new(writer, """
        INSERT INTO account_bucket (account_no, epoch, sequence, requests_micro, tokens_micro, at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (account_no) DO UPDATE
        SET epoch = excluded.epoch, sequence = excluded.sequence, requests_micro = excluded.requests_micro,
            tokens_micro = excluded.tokens_micro, at = excluded.at
        WHERE (excluded.epoch, excluded.sequence) > (account_bucket.epoch, account_bucket.sequence)
        """);

    /// <summary>Forgets what was added before.</summary>
    public void Begin() => newest.Clear();

    public void Add(IReadOnlyList<BucketLevels> levels)
    {
        foreach (BucketLevels level in levels)
        {
            Add(accounts.NumberOf(level.Account.ToString()), new Levels(level.Epoch, level.Sequence, level.RequestsMicro, level.TokensMicro, level.At.ToMicros()));
        }
    }

    /// <summary>Adds a record of <see cref="LogRecord.Bucket"/>.</summary>
    public void Add(LogValues values)
    {
        long account = values.Number();
        Add(account, new Levels(values.Number(), values.Number(), values.NumberOrNull(), values.NumberOrNull(), values.Number()));
    }

    /// <summary>Saves what was added.</summary>
    public void Save()
    {
        foreach ((long account, Levels levels) in newest)
        {
            save.Start().Bind(account).Bind(levels.Epoch).Bind(levels.Sequence).Bind(levels.RequestsMicro).Bind(levels.TokensMicro).Bind(levels.AtMicros).Execute();
        }
    }

    private void Add(long account, Levels levels)
    {
        if (!newest.TryGetValue(account, out Levels known) || (levels.Epoch, levels.Sequence).CompareTo((known.Epoch, known.Sequence)) > 0)
        {
            newest[account] = levels;
        }
    }

    private readonly record struct Levels(long Epoch, long Sequence, long? RequestsMicro, long? TokensMicro, long AtMicros);
}
