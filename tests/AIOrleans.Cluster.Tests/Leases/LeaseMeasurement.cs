using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>One hot tenant on three silos, each a process, without and with slices in turn: admissions a second; then a tight budget to its end. Prints lines of <c>name=value</c>.</summary>
/// <remarks>An admission is a hold on every account of the path, durable, and its settlement. Silos, callers and PostgreSQL share the machine.</remarks>
internal static class LeaseMeasurement
{
    private const int Rounds = 3;
    private const int Silos = 3;

    /// <summary>A process that has just started compiles more than it buys.</summary>
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(8);

    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task RunAsync(TimeSpan time, int callers, TextWriter output)
    {
        var database = new Database();
        await database.InitializeAsync();
        try
        {
            await CompareAsync(database, time, callers, output);
            await SpendAsync(database, callers, output);
        }
        finally
        {
            await database.DisposeAsync();
        }
    }

    private static async Task CompareAsync(Database database, TimeSpan time, int callers, TextWriter output)
    {
        if (time == TimeSpan.Zero)
        {
            return;
        }

        (long PerSecond, long Micros)[] sums = [default, default];
        for (int turn = 0; turn < Rounds * 2; turn++)
        {
            int isOn = turn % 2;
            (long perSecond, long micros) = await MeasureAsync(database, isOn == 1, time, callers, output);
            sums[isOn] = (sums[isOn].PerSecond + perSecond, sums[isOn].Micros + micros);
        }

        await output.WriteLineAsync(
            $"admissions_ratio_percent={sums[1].PerSecond * 100 / Math.Max(sums[0].PerSecond, 1)} "
            + $"processor_ratio_percent={sums[0].Micros * 100 / Math.Max(sums[1].Micros, 1)}");
    }

    /// <returns>Admissions a second, and microseconds of the silos' processors for each: what other work on the machine does not blur.</returns>
    private static async Task<(long PerSecond, long ProcessorMicros)> MeasureAsync(Database database, bool isOn, TimeSpan time, int callers, TextWriter output)
    {
        string connectionString = await database.CreateAsync();
        SiloProcess[] silos = await Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => SiloProcess.StartAsync(
            SiloSettings.Of(database, "hot") with { ConnectionString = connectionString, Options = [("Leases:Enabled", $"{isOn}")] })));
        try
        {
            await Task.WhenAll(silos.Select(silo => silo.SeesActiveAsync(Silos)));
            await BuyAsync(silos, callers, Warming);
            TimeSpan before = ProcessorTimeOf(silos);
            long startedStamp = Time.GetTimestamp();
            long bought = await BuyAsync(silos, callers, time);
            long perSecond = bought * Time.TimestampFrequency / (Time.GetTimestamp() - startedStamp);
            long micros = (long)(ProcessorTimeOf(silos) - before).TotalMicroseconds / Math.Max(bought, 1);
            await output.WriteLineAsync($"leases={(isOn ? "on" : "off")} admissions_per_second={perSecond} silo_micros_each={micros} admissions={bought}");
            return (perSecond, micros);
        }
        finally
        {
            Array.ForEach(silos, silo => silo.Dispose());
        }
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

    private static async Task<long> BuyAsync(SiloProcess[] silos, int callers, TimeSpan time) =>
        (await Task.WhenAll(silos.Select(silo => silo.BuyAsync(TenantBudget.Endless, callers / Silos, time)))).Sum();

    private static TimeSpan ProcessorTimeOf(SiloProcess[] silos) => silos.Aggregate(TimeSpan.Zero, (sum, silo) => sum + silo.ProcessorTime);
}
