using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Usage;
using AIOrleans.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Benchmarks.Storage;

/// <summary>What one run of <see cref="LedgerThroughput"/> measured.</summary>
/// <param name="PairsPerSecond">Holds made durable and settled, from all callers.</param>
/// <param name="HoldMicros">Median of one hold at one caller, in microseconds.</param>
/// <param name="SettleMicros">Likewise of one settlement.</param>
public sealed record LedgerFigures(string Durability, int Callers, double PairsPerSecond, double HoldMicros, double SettleMicros)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Durability}: {PairsPerSecond:0} pairs/s from {Callers} callers; alone: hold p50 {HoldMicros:0} us, settle p50 {SettleMicros:0} us");
}

/// <summary>Holds and settles on a path of six accounts against the real ledger on a SQLite file: the target is 10,000 pairs/s and 500 us at <c>strict</c>.</summary>
public static class LedgerThroughput
{
    /// <summary>Calls one after the other, for each second that is measured: as many as matter to a median.</summary>
    private const int AlonePerSecond = 200;

    private const int AloneMax = 1000;

    private static readonly TimeSpan WarmUpMax = TimeSpan.FromSeconds(1);

    /// <summary>Measures both durabilities, each on a new file in the temporary directory.</summary>
    public static async Task<IReadOnlyList<LedgerFigures>> RunAsync(int callers, TimeSpan time) =>
        [await RunAsync("strict", callers, time), await RunAsync("fast", callers, time)];

    /// <summary>Measures one durability.</summary>
    public static async Task<LedgerFigures> RunAsync(string durability, int callers, TimeSpan time)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("aiorleans-bench-");
        await using ServiceProvider services = Build(directory.FullName, durability);
        try
        {
            await services.GetRequiredService<IStorageStartup>().PrepareAsync(CancellationToken.None);
            var ledger = services.GetRequiredService<ILedger>();
            AccountGrant[] grants = await LoadAsync(ledger);
            await RunPairsAsync(ledger, grants, callers, time < WarmUpMax ? time : WarmUpMax);
            long pairs = await RunPairsAsync(ledger, grants, callers, time);
            (double hold, double settle) = await MeasureAloneAsync(ledger, grants, (int)Math.Clamp(time.TotalSeconds * AlonePerSecond, 1, AloneMax));
            return new LedgerFigures(durability, callers, pairs / time.TotalSeconds, hold, settle);
        }
        finally
        {
            await services.DisposeAsync();
            directory.Delete(recursive: true);
        }
    }

    private static ServiceProvider Build(string directory, string durability)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AIORLEANS_DATA"] = directory,
            ["Ledger:Durability"] = durability,
        }).Build();
        return new ServiceCollection().AddLogging().AddAIOrleansStorage(configuration).BuildServiceProvider();
    }

    private static async Task<AccountGrant[]> LoadAsync(ILedger ledger)
    {
        AccountId[] path =
        [
            AccountId.Of(AccountKind.Tenant, "acme"), AccountId.Of(AccountKind.Org, "acme", "eng"), AccountId.Of(AccountKind.Team, "acme", "eng", "core"),
            AccountId.Of(AccountKind.User, "acme", "eng", "dev"), AccountId.Of(AccountKind.Key, "acme", "eng", "k1"),
            AccountId.Of(AccountKind.Model, "acme", "eng", "gpt-4o"),
        ];
        AccountSnapshot[] loaded = await Task.WhenAll(path.Select(account => ledger.LoadAsync(account, CancellationToken.None)));
        return [.. loaded.Select(snapshot => new AccountGrant(snapshot.Account, snapshot.Epoch))];
    }

    private static async Task<long> RunPairsAsync(ILedger ledger, AccountGrant[] grants, int callers, TimeSpan time)
    {
        long startedAt = TimeProvider.System.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            long count = 0;
            while (TimeProvider.System.GetElapsedTime(startedAt) < time)
            {
                DurableHold hold = HoldOf(grants);
                await ledger.HoldAsync(hold, CancellationToken.None);
                await ledger.SettleAsync(SettlementOf(hold), CancellationToken.None);
                count++;
            }

            return count;
        }));
        return counts.Sum();
    }

    private static async Task<(double HoldMicros, double SettleMicros)> MeasureAloneAsync(ILedger ledger, AccountGrant[] grants, int count)
    {
        List<double> holds = [];
        List<double> settlements = [];
        for (int i = 0; i < count; i++)
        {
            DurableHold hold = HoldOf(grants);
            long startedAt = TimeProvider.System.GetTimestamp();
            await ledger.HoldAsync(hold, CancellationToken.None);
            holds.Add(TimeProvider.System.GetElapsedTime(startedAt).TotalMicroseconds);
            startedAt = TimeProvider.System.GetTimestamp();
            await ledger.SettleAsync(SettlementOf(hold), CancellationToken.None);
            settlements.Add(TimeProvider.System.GetElapsedTime(startedAt).TotalMicroseconds);
        }

        return (holds.Order().ElementAt(count / 2), settlements.Order().ElementAt(count / 2));
    }

    private static DurableHold HoldOf(AccountGrant[] grants)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return new DurableHold
        {
            Id = HoldId.New(now),
            Grants = grants,
            Worst = new HoldSize(5_000, new NanoUsd(1_000_000)),
            Expected = new HoldSize(800, new NanoUsd(200_000)),
            Operation = "chat",
            LeaseUntil = now.AddSeconds(30),
            HeldAt = now,
            Owner = "silo-1",
            Attribution = new Attribution("acme.eng.k1", "gpt-4o", "UTC", [new("department", "rnd"), new("project", "p1")]),
        };
    }

    private static Settlement SettlementOf(DurableHold hold)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var hour = day.AddHours(now.Hour);
        var windows = new WindowStarts(hour.AddMinutes(now.Minute), hour, day, day.AddDays(1 - now.Day));
        var e = new UsageEvent
        {
            HoldId = hold.Id,
            Attempt = 1,
            Path = [.. hold.Grants.Select(grant => grant.Account)],
            Attribution = hold.Attribution,
            Operation = "chat",
            Requests = 1,
            Usage = new TokenUsage { UncachedInput = 420, Output = 133 },
            Cost = new NanoUsd(137_500),
            Estimated = false,
            Provider = "openai",
            ProviderModel = "gpt-4o-2024-08-06",
            PriceVersion = "v1",
            Status = 200,
            FailedBy = FailedBy.Nobody,
            Streamed = true,
            StartedAt = hold.HeldAt,
            SettledAt = now,
            DurationMicros = 900_000,
            FirstByteMicros = 220_000,
        };
        return new Settlement(hold.Id, [e], windows);
    }
}
