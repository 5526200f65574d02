using AIOrleans.Contracts.Requests;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace AIOrleans.Benchmarks.Grains;

/// <summary>What one run of <see cref="HoldSettleThroughput"/> measured.</summary>
/// <param name="PairsPerSecond">Requests held on six accounts and settled, from all callers.</param>
/// <param name="CpuMicrosPerPair">Processor time of the whole process per pair, in microseconds: what a busy machine does not blur.</param>
/// <param name="HoldMicros">Median of one hold at one caller, in microseconds.</param>
public sealed record HoldSettleFigures(string Durability, int Callers, int Keys, double PairsPerSecond, double CpuMicrosPerPair, double HoldMicros)
{
    public override string ToString() => FormattableString.Invariant(
        $"{Durability}: {PairsPerSecond:0} pairs/s from {Callers} callers over {Keys} keys, {CpuMicrosPerPair:0.0} us of processor each; alone: hold p50 {HoldMicros:0} us");
}

/// <summary>
/// Holds and settles through the request grain, six account grains and the ledger on a SQLite file. The targets on two cores: 20,000 pairs a second at
/// <c>fast</c>, 10,000 at <c>strict</c>, and 500 us for a strict hold of a lone caller.
/// </summary>
public static class HoldSettleThroughput
{
    private const int KeyCount = 64;

    /// <summary>Calls one after the other, for each second that is measured: as many as matter to a median.</summary>
    private const int AlonePerSecond = 200;

    private const int AloneMax = 1000;

    /// <summary>Settlements of one caller under way beside its next holds, as the gateway has them; at most 10,000 of all callers there.</summary>
    private const int SettlingMax = 8;

    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>Measures both durabilities, each on a new file in the temporary directory, after a warm-up of half the time.</summary>
    public static async Task<IReadOnlyList<HoldSettleFigures>> RunAsync(int callers, TimeSpan time) =>
        [await RunAsync("strict", callers, time), await RunAsync("fast", callers, time)];

    /// <summary>Measures one durability.</summary>
    public static async Task<HoldSettleFigures> RunAsync(string durability, int callers, TimeSpan time)
    {
        await using HoldSettleHost host = await HoldSettleHost.StartAsync(durability, KeyCount);
        IRequestGrain grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRequestGrain>(0);
        await RunPairsAsync(grain, host.Load, callers, time / 2);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long startedAt = Time.GetTimestamp();
        long pairs = await RunPairsAsync(grain, host.Load, callers, time);
        double seconds = Time.GetElapsedTime(startedAt).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        return new HoldSettleFigures(
            durability, callers, KeyCount, pairs / seconds, cpu.TotalMicroseconds / pairs, await MeasureAloneAsync(grain, host.Load, (int)Math.Clamp(time.TotalSeconds * AlonePerSecond, 1, AloneMax)));
    }

    private static async Task<long> RunPairsAsync(IRequestGrain grain, HoldSettleLoad load, int callers, TimeSpan time)
    {
        long startedAt = Time.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            await Task.Yield();
            int count = 0;
            var settling = new Queue<Task>();
            while (Time.GetElapsedTime(startedAt) < time)
            {
                settling.Enqueue(await HoldAndSettleAsync(grain, load, (caller + (count++ * 7)) % KeyCount));
                await (settling.Count > SettlingMax ? settling.Dequeue() : Task.CompletedTask);
            }

            await Task.WhenAll(settling);
            return (long)count;
        }));
        return counts.Sum();
    }

    /// <summary>Completes when it holds, with what completes when it is settled.</summary>
    private static async Task<Task> HoldAndSettleAsync(IRequestGrain grain, HoldSettleLoad load, int key)
    {
        HoldCommand hold = load.HoldOf(key, Time.GetUtcNow());
        await HoldAsync(grain, hold);
        return grain.SettleAsync(load.SettleOf(hold, Time.GetUtcNow()));
    }

    private static async Task<double> MeasureAloneAsync(IRequestGrain grain, HoldSettleLoad load, int count)
    {
        List<double> holds = [];
        Task settling = Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            HoldCommand hold = load.HoldOf(i % KeyCount, Time.GetUtcNow());
            long startedAt = Time.GetTimestamp();
            await HoldAsync(grain, hold);
            holds.Add(Time.GetElapsedTime(startedAt).TotalMicroseconds);
            await settling;
            settling = grain.SettleAsync(load.SettleOf(hold, Time.GetUtcNow()));
        }

        await settling;
        return holds.Order().ElementAt(count / 2);
    }

    private static async Task HoldAsync(IRequestGrain grain, HoldCommand hold)
    {
        HoldReply reply = await grain.HoldAsync(hold);
        if (reply.Denied is { } denied)
        {
            throw new InvalidOperationException($"The benchmark's limits are too tight: {denied}.");
        }
    }
}
