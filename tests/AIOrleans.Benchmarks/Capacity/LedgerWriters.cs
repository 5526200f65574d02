using AIOrleans.Benchmarks.Grains;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Storage;
using AIOrleans.Storage.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AIOrleans.Benchmarks.Capacity;

/// <summary>Holds and settlements of several processes' ledgers on one PostgreSQL, and what they leave in its log and on its disk. Each writer has a tenant of its own: they share the database and no account.</summary>
internal static class LedgerWriters
{
    private const int Callers = 64;
    private const int Keys = 16;

    private static readonly int[] WriterCounts = [1, 2, 4, 8];

    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task RunAsync(TimeSpan duration, TextWriter output)
    {
        if (PostgresBinaries.MissingReason is { } missing)
        {
            output.WriteLine($"writers: {missing}");
            return;
        }

        await using PostgresServer server = await PostgresServer.StartNewAsync();
        foreach (int writers in WriterCounts)
        {
            await RunAsync(await server.CreateDatabaseAsync(), writers, duration, output);
        }
    }

    private static async Task RunAsync(string connectionString, int writers, TimeSpan duration, TextWriter output)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aiorleans-bench-");
        ServiceProvider[] processes = [.. Enumerable.Range(0, writers).Select(_ => Build(folder.FullName, connectionString))];
        try
        {
            foreach (ServiceProvider process in processes)
            {
                await process.GetRequiredService<IStorageStartup>().PrepareAsync(CancellationToken.None);
            }

            await RunPairsAsync(processes, duration / 2);
            (long wal, long stored, long commits) before = await LookAsync(connectionString);
            long pairs = await RunPairsAsync(processes, duration);
            (long wal, long stored, long commits) after = await LookAsync(connectionString);
            output.WriteLine(FormattableString.Invariant(
                $"writers: {writers} on one database: {pairs / duration.TotalSeconds:N0} pairs/s, {(after.wal - before.wal) / pairs:N0} bytes of log and {(after.stored - before.stored) / pairs:N0} stored a pair, {(after.commits - before.commits) / duration.TotalSeconds:N0} commits/s"));
        }
        finally
        {
            foreach (ServiceProvider process in processes)
            {
                await process.DisposeAsync();
            }

            folder.Delete(recursive: true);
        }
    }

    private static ServiceProvider Build(string folder, string connectionString)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AIORLEANS_DATA"] = folder,
            ["Storage:Provider"] = "postgresql",
            ["Storage:ConnectionString"] = connectionString,
        }).Build();
        return new ServiceCollection().AddLogging().AddAIOrleansStorage(configuration).BuildServiceProvider();
    }

    private static async Task<long> RunPairsAsync(ServiceProvider[] processes, TimeSpan duration)
    {
        long startedAt = Time.GetTimestamp();
        long[] counts = await Task.WhenAll(processes.SelectMany((process, writer) => Enumerable.Range(0, Callers)
            .Select(caller => RunCallerAsync(process.GetRequiredService<ILedger>(), writer, caller, startedAt, duration))));
        return counts.Sum();
    }

    private static async Task<long> RunCallerAsync(ILedger ledger, int writer, int caller, long startedAt, TimeSpan duration)
    {
        var load = new HoldSettleLoad(Keys);
        HoldCommand sample = load.HoldOf(caller % Keys, Time.GetUtcNow());
        var path = new AccountGrant[sample.Path.Length];
        for (int i = 0; i < path.Length; i++)
        {
            // Of this caller alone: an account is loaded once, by the process that owns it.
            AccountId account = AccountId.Parse(sample.Path[i].ToString().Replace("acme", $"w{writer}-{caller}", StringComparison.Ordinal));
            AccountSnapshot loaded = await ledger.LoadAsync(account, CancellationToken.None);
            path[i] = new AccountGrant(loaded.Account, loaded.Epoch);
        }

        long count = 0;
        while (Time.GetElapsedTime(startedAt) < duration)
        {
            DateTimeOffset now = Time.GetUtcNow();
            HoldCommand command = load.HoldOf(caller % Keys, now);
            await ledger.HoldAsync(
                new DurableHold
                {
                    Id = command.Id, Grants = path, Worst = command.Worst, Expected = command.Expected, Operation = command.Operation,
                    LeaseUntil = now.AddSeconds(30), HeldAt = now, Owner = $"silo-{writer}", Attribution = command.Attribution,
                },
                CancellationToken.None);
            var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
            UsageEvent charged = load.SettleOf(command, now).Events[0] with { Path = [.. path.Select(grant => grant.Account)] };
            await ledger.SettleAsync(
                new Settlement(command.Id, [charged], new WindowStarts(day.AddHours(now.Hour).AddMinutes(now.Minute), day.AddHours(now.Hour), day, day.AddDays(1 - now.Day))),
                CancellationToken.None);
            count++;
        }

        return count;
    }

    private static async Task<(long Wal, long Stored, long Commits)> LookAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint, pg_total_relation_size('usage_event'),
                   (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())
            """,
            connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
