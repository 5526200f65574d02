using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>The pool, and the writer's connection, which is opened on demand and kept.</summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    private readonly TimeSpan timeout;
    private readonly string listener;
    private NpgsqlConnection? writer;

    public PostgresConnections(string connectionString, TimeSpan timeout)
    {
        this.timeout = timeout;
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // The ledger's statements are few and always the same: prepared on their second run, on whatever connection.
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            Timeout = Math.Max(1, (int)timeout.TotalSeconds),
            CommandTimeout = Math.Max(1, (int)timeout.TotalSeconds),

            // A server that does not answer a cancellation is gone.
            CancellationTimeout = 500,
            ApplicationName = "aiorleans",
            IncludeErrorDetail = false,
        };
        Source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        settings.Pooling = false;
        settings.KeepAlive = settings.Timeout;
        settings.ApplicationName = "aiorleans-listener";
        listener = settings.ConnectionString;
        Name = $"postgresql {settings.Host}:{settings.Port}/{settings.Database}";
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>A connection of its own, not open yet, that may be silent for long: a server that has gone without a word is noticed all the same.</summary>
    public NpgsqlConnection CreateListener() => new(listener);

    /// <summary>Where, without credentials.</summary>
    public string Name { get; }

    /// <summary>The ledger's connection. Only the writer's thread.</summary>
    public NpgsqlConnection Writer => writer ??= OpenWriter();

    public void ForgetWriter()
    {
        writer?.Dispose();
        writer = null;
    }

    /// <summary>After the server was away: idle connections of the pool are dead too.</summary>
    public void ForgetAll()
    {
        ForgetWriter();
        Source.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        ForgetWriter();
        await Source.DisposeAsync();
    }

    private NpgsqlConnection OpenWriter()
    {
        NpgsqlConnection connection = Source.OpenConnection();

        // A frozen process must not keep the locks of its open transaction from all others.
        new PostgresPipeline(connection)
            .Add(FormattableString.Invariant($"SET idle_in_transaction_session_timeout = {(long)(2 * timeout.TotalMilliseconds)}"), null)
            .Run();
        return connection;
    }
}
