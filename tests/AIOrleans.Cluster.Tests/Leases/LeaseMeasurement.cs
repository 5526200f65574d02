using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>One hot tenant on three silos, without and with slices in turn: admissions a second; then a tight budget to its end. Prints lines of <c>name=value</c>.</summary>
/// <remarks>An admission is a hold on every account of the path, durable, and its settlement. Silos, callers and the ledger share the machine.</remarks>
internal static class LeaseMeasurement
{
    private const int Rounds = 3;
    private const int Silos = 3;

    /// <summary>A process that has just started compiles more than it buys: each buys for at least so long before it is measured.</summary>
    private static readonly TimeSpan WarmingMin = TimeSpan.FromSeconds(8);

    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task RunAsync(TimeSpan time, int callers, bool isInMemory, TextWriter output)
    {
        var database = new Database();
        await database.InitializeAsync();
        try
        {
            await CompareAsync(new Measured(database, isInMemory, time, callers, output));
            await SpendAsync(database, callers, output);
        }
        finally
        {
            await database.DisposeAsync();
        }
    }

    private static async Task CompareAsync(Measured measured)
    {
        if (measured.Time == TimeSpan.Zero)
        {
            return;
        }

        if (measured.IsInMemory)
        {
            // All turns are in one process, which compiles in the first ones.
            Measured unseen = measured with { Output = TextWriter.Null };
            await MeasureAsync(unseen, isOn: false);
            await MeasureAsync(unseen, isOn: true);
        }

        (long PerSecond, long Micros)[] sums = [default, default];
        for (int turn = 0; turn < Rounds * 2; turn++)
        {
            // Off, on, on, off, off, on: what gets warmer or colder on the way does so for both.
            int isOn = (turn + 1) / 2 % 2;
            (long perSecond, long micros) = await MeasureAsync(measured, isOn == 1);
            sums[isOn] = (sums[isOn].PerSecond + perSecond, sums[isOn].Micros + micros);
        }

        await measured.Output.WriteLineAsync(
            $"admissions_ratio_percent={sums[1].PerSecond * 100 / Math.Max(sums[0].PerSecond, 1)} "
            + $"processor_ratio_percent={sums[0].Micros * 100 / Math.Max(sums[1].Micros, 1)}");
    }

    /// <returns>Admissions a second, and microseconds of processors for each: what other work on the machine blurs less.</returns>
    private static async Task<(long PerSecond, long ProcessorMicros)> MeasureAsync(Measured measured, bool isOn)
    {
        string connectionString = await measured.Database.CreateAsync();

        // Silos that compile leave probes waiting: nobody is to be given up meanwhile.
        (string, string)[] options = [("Leases:Enabled", $"{isOn}"), ("Cluster:FailureDetectionSeconds", "60")];
        SiloSettings[] settings = [.. Enumerable.Range(0, Silos).Select(_ =>
            SiloSettings.Of(measured.Database, "hot") with { ConnectionString = connectionString, Options = options })];
        await using IMeasuredSilos silos = await (measured.IsInMemory ? MeasuredHosts.StartAsync(settings) : MeasuredProcesses.StartAsync(settings));
        await silos.BuyAsync(measured.Callers, measured.Time > WarmingMin ? measured.Time : WarmingMin);
        TimeSpan before = silos.ProcessorTime;
        long startedStamp = Time.GetTimestamp();
        long bought = await silos.BuyAsync(measured.Callers, measured.Time);
        long perSecond = bought * Time.TimestampFrequency / (Time.GetTimestamp() - startedStamp);
        long micros = (long)(silos.ProcessorTime - before).TotalMicroseconds / Math.Max(bought, 1);
        await measured.Output.WriteLineAsync($"leases={(isOn ? "on" : "off")} admissions_per_second={perSecond} processor_micros_each={micros} admissions={bought}");
        return (perSecond, micros);
    }

    /// <summary>Spends a tight budget from all silos.</summary>
    private static async Task SpendAsync(Database database, int callers, TextWriter output)
    {
        await using SiloCluster silos = await SiloCluster.StartAsync(database, TenantBudget.Hot);
        var stranded = new StrandedMoney(silos.ViewAsync);
        long startedStamp = Time.GetTimestamp();
        Task buying = Task.WhenAll(silos.Silos.Select(silo => silos.BuyerOn(silo).BuyAsync(callers / Silos)));
        await stranded.WatchAsync(buying);
        await buying;
        long budget = TenantBudget.Hot.AmountNano;
        long charged = await silos.ChargedAsync();
        await output.WriteLineAsync(
            $"budget={budget} charged={charged} over_admission={Math.Max(charged - budget, 0)} unspent={Math.Max(budget - charged, 0)} "
            + $"over_held={stranded.IsOver} slices_max={stranded.SlicesMax} stranded_ppm_max={stranded.PartsPerMillionMax} "
            + $"epoch={(await silos.ViewAsync()).Live.Epoch} milliseconds={(long)Time.GetElapsedTime(startedStamp).TotalMilliseconds}");
    }

    /// <param name="IsInMemory">The silos share one process and a ledger in memory, instead of PostgreSQL.</param>
    private sealed record Measured(Database Database, bool IsInMemory, TimeSpan Time, int Callers, TextWriter Output);
}
