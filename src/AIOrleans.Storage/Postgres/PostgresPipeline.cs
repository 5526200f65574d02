using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Statements sent together in one round trip, each with the reader of its rows. They run in order; the first error ends all.</summary>
internal sealed class PostgresPipeline(NpgsqlConnection connection)
{
    private readonly NpgsqlBatch batch = new(connection);
    private readonly List<Action<NpgsqlDataReader>?> readers = [];

    /// <param name="sql">With parameters <c>$1</c>, <c>$2</c>, …</param>
    /// <param name="read">Called for each row; null for statements without rows.</param>
    public PostgresPipeline Add(string sql, Action<NpgsqlDataReader>? read, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (object value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
        readers.Add(read);
        return this;
    }

    /// <summary>Sends what was added; nothing when nothing was.</summary>
    public void Run()
    {
        if (batch.BatchCommands.Count == 0)
        {
            return;
        }

        using (batch)
        using (NpgsqlDataReader reader = batch.ExecuteReader())
        {
            // Statements without a result set are no stations of the reader.
            foreach (Action<NpgsqlDataReader> read in readers.OfType<Action<NpgsqlDataReader>>())
            {
                while (reader.Read())
                {
                    read(reader);
                }

                reader.NextResult();
            }

            while (reader.NextResult())
            {
                // An error of a later statement surfaces only when its result is asked for.
            }
        }
    }
}
