using System.Data.Common;
using AIOrleans.Core.Ports;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Reads on pooled connections that cannot write; WAL lets them run beside the writer.</summary>
/// <remarks>SQLite has no asynchronous I/O: each read runs on a thread of its own, at most <see cref="ConcurrentMax"/> at once, and is interrupted at its timeout.</remarks>
internal sealed class SqliteReads(SqliteFile file, TimeSpan timeout) : IDisposable
{
    /// <summary>Reads at once; more would only compete for the same cores and disk.</summary>
    private const int ConcurrentMax = 4;

    private readonly SemaphoreSlim places = new(ConcurrentMax, ConcurrentMax);

    /// <summary>All rows of one statement.</summary>
    public Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql, IReadOnlyList<(string Name, object? Value)> parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<T>>(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = sql;
                foreach ((string name, object? value) in parameters)
                {
                    command.Parameters.AddWithValue(name, value ?? DBNull.Value);
                }

                using SqliteDataReader reader = command.ExecuteReader();
                List<T> rows = [];
                while (reader.Read())
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            cancellationToken);

    public void Dispose() => places.Dispose();

    /// <summary>Runs <paramref name="work"/> on a connection of its own.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await places.WaitAsync(limit.Token);
            try
            {
                return await Task.Factory.StartNew(
                    () => Run(work, limit.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                places.Release();
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"The database {file.Path} did not answer within {timeout.TotalSeconds:0} s.", e);
        }
    }

    private T Run<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        try
        {
            using SqliteConnection connection = file.OpenReader();
            using CancellationTokenRegistration interrupt = cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle));
            return work(connection);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (SqliteException e) when (SqliteFaults.IsUnavailable(e))
        {
            throw new StoreUnavailableException($"The database {file.Path} cannot be read: {e.Message}", e);
        }
    }
}
