using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;

namespace AIOrleans.Benchmarks.Load;

/// <summary>The process that makes the calls: a plan a line on its input, a result a line on its output, until the input ends.</summary>
internal static class Generator
{
    private static long nextId;

    public static async Task<int> ServeAsync(TextReader input, TextWriter output)
    {
        while (await input.ReadLineAsync() is { } line)
        {
            LoadPlan plan = JsonSerializer.Deserialize<LoadPlan>(line) ?? throw new FormatException("No plan.");
            await output.WriteLineAsync(JsonSerializer.Serialize(await RunAsync(plan)));
            await output.FlushAsync();
        }

        return 0;
    }

    /// <summary>Makes the calls of a plan; ends when each has its answer.</summary>
    public static async Task<LoadResult> RunAsync(LoadPlan plan)
    {
        WireConnection[] connections = [.. Enumerable.Range(0, plan.Connections).Select(at => new WireConnection(plan, plan.PortOf(at)))];
        try
        {
            long begunAt = Stopwatch.GetTimestamp();
            foreach (WireConnection[] some in connections.Chunk(128))
            {
                await Task.WhenAll(some.Select(connection => connection.ConnectAsync()));
            }

            if (plan.EachKeyOnce)
            {
                int next = -1;
                await Task.WhenAll(connections.Select(connection => CallWithEachAsync(plan, connection, () => Interlocked.Increment(ref next))));
                return CallCounts.Sum(connections.Select(connection => connection.Counts), Stopwatch.GetElapsedTime(begunAt).TotalSeconds);
            }

            long startedAt = Stopwatch.GetTimestamp();
            var missed = new CallCounts();
            if (plan.RatePerSecond > 0)
            {
                Pacer pacer = PacerOf(plan);
                pacer.Start();
                await Task.WhenAll(connections.Select((connection, at) => CallWhenDueAsync(plan, connection, at, pacer)));

                // Only when every connection is of no further use.
                await foreach (long _ in pacer.Due.ReadAllAsync())
                {
                    missed.AddBroken("No connection was left for a call that was due.");
                }
            }
            else
            {
                await Task.WhenAll(connections.Select((connection, at) => CallOnAndOnAsync(plan, connection, at, startedAt)));
            }

            return CallCounts.Sum(connections.Select(connection => connection.Counts).Append(missed), Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        }
        catch (SocketException exception)
        {
            return new LoadResult { Calls = 1, Wrong = 1, FirstWrong = exception.Message, Seconds = 1 };
        }
        finally
        {
            Array.ForEach(connections, connection => connection.Dispose());
        }
    }

    /// <summary>The instants of a plan in open loop: the same for everybody who asks.</summary>
    internal static Pacer PacerOf(LoadPlan plan) => new(plan.RatePerSecond, TimeSpan.FromSeconds(plan.Seconds), seed: 1);

    private static async Task CallWithEachAsync(LoadPlan plan, WireConnection connection, Func<int> next)
    {
        bool works = true;
        for (int key = next(); works && key < plan.Keys.Count; key = next())
        {
            works = await connection.CallAsync(Interlocked.Increment(ref nextId), key, Stopwatch.GetTimestamp());
        }
    }

    private static async Task CallWhenDueAsync(LoadPlan plan, WireConnection connection, int at, Pacer pacer)
    {
        var dice = new Random(at);
        try
        {
            // Not WaitToReadAsync: each call would wake every connection that waits, and all but one in vain.
            while (await connection.CallAsync(Interlocked.Increment(ref nextId), KeyOf(plan, dice), await pacer.Due.ReadAsync()))
            {
            }
        }
        catch (ChannelClosedException)
        {
            // The time is up.
        }
    }

    private static async Task CallOnAndOnAsync(LoadPlan plan, WireConnection connection, int at, long startedAt)
    {
        var dice = new Random(at);
        bool works = true;
        for (int made = 0; works && (plan.CallsPerConnection > 0 ? made < plan.CallsPerConnection : Stopwatch.GetElapsedTime(startedAt).TotalSeconds < plan.Seconds); made++)
        {
            works = await connection.CallAsync(Interlocked.Increment(ref nextId), KeyOf(plan, dice), Stopwatch.GetTimestamp());
        }
    }

    private static int KeyOf(LoadPlan plan, Random dice) => plan.HotShare > 0 && dice.NextDouble() < plan.HotShare ? 0 : dice.Next(plan.Keys.Count);
}
