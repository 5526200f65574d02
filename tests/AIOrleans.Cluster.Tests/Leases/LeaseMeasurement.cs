using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Postgres;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>One hot tenant on three silos, without and with slices in turn: admissions a second; then a tight budget to its end. Prints lines of <c>name=value</c>.</summary>
/// <remarks>An admission is a hold on every account of the path, durable, and its settlement. Silos, callers and PostgreSQL share the machine.</remarks>
internal static class LeaseMeasurement
{
    private const int Rounds = 3;

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

        // A process that has just started compiles more than it buys.
        await MeasureAsync(database, isOn: true, time, callers, TextWriter.Null);
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

    /// <returns>Admissions a second, and microseconds of processor for each: what other work on the machine does not blur.</returns>
    private static async Task<(long PerSecond, long ProcessorMicros)> MeasureAsync(Database database, bool isOn, TimeSpan time, int callers, TextWriter output)
    {
        await using ThreeSilos three = await ThreeSilos.StartAsync(database, TenantBudget.Endless, ("Leases:Enabled", $"{isOn}"));
        await BuyAsync(three, callers, time / 2);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long startedAt = Time.GetTimestamp();
        long bought = await BuyAsync(three, callers, time);
        long perSecond = bought * Time.TimestampFrequency / (Time.GetTimestamp() - startedAt);
        long cpuMicros = (long)(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Math.Max(bought, 1);
        await output.WriteLineAsync($"leases={(isOn ? "on" : "off")} admissions_per_second={perSecond} processor_micros_each={cpuMicros} admissions={bought}");
        return (perSecond, cpuMicros);
    }

    /// <summary>Spends a tight budget from all silos.</summary>
    private static async Task SpendAsync(Database database, int callers, TextWriter output)
    {
        await using ThreeSilos three = await ThreeSilos.StartAsync(database, TenantBudget.Hot);
        var stranded = new StrandedMoney(three);
        long startedAt = Time.GetTimestamp();
        Task buying = Task.WhenAll(three.Buyers.Select(buyer => buyer.BuyAsync(callers / 3)));
        await stranded.WatchAsync(buying);
        await buying;
        long budget = TenantBudget.Hot.AmountNano;
        long charged = await three.ChargedAsync();
        await output.WriteLineAsync(
            $"budget={budget} charged={charged} over_admission={Math.Max(charged - budget, 0)} unspent={Math.Max(budget - charged, 0)} "
            + $"over_held={stranded.IsOver} slices_max={stranded.SlicesMax} stranded_ppm_max={stranded.PartsPerMillionMax} "
            + $"epoch={(await three.ViewAsync()).Live.Epoch} milliseconds={(long)Time.GetElapsedTime(startedAt).TotalMilliseconds}");
    }

    private static async Task<long> BuyAsync(ThreeSilos three, int callers, TimeSpan time)
    {
        long startedAt = Time.GetTimestamp();
        IEnumerable<Task<long>> lines = three.Buyers.SelectMany(buyer => Enumerable.Range(0, callers / 3).Select(async _ =>
        {
            await Task.Yield();
            long count = 0;
            while (Time.GetElapsedTime(startedAt) < time)
            {
                (Core.Ledger.HoldId id, Answer answer) = await buyer.TryHoldAsync();
                if (answer == Answer.Granted)
                {
                    await buyer.SettleAsync(id);
                    count++;
                }
            }

            return count;
        }));
        return (await Task.WhenAll(lines)).Sum();
    }
}
