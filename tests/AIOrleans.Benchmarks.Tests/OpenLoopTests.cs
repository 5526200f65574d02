using System.Net;
using System.Net.Sockets;
using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Targets;
using Microsoft.AspNetCore.Builder;

namespace AIOrleans.Benchmarks.Tests;

public sealed class OpenLoopTests
{
    [Fact]
    public async Task A_stream_that_is_due_while_no_connection_is_free_is_begun_late_and_counts()
    {
        await using WebApplication upstream = UpstreamServer.Build();
        await upstream.StartAsync();
        var url = new Uri(upstream.Urls.First());
        LoadPlan plan = new() { Host = url.Host, Port = url.Port, Keys = ["sk"], Events = 5, GapMs = 10, RatePerSecond = 100, Seconds = 0.2 };
        LoadResult result = await Generator.RunAsync(plan);

        // The last of some twenty waits until the ones before it have had their 50 ms and more each.
        Assert.Null(result.FirstWrong);
        Assert.Equal(await InstantsAsync(plan), result.Calls);
        Assert.Equal(result.Calls, LatencyHistogram.FromSparse(result.FirstEvent).Count);
        Assert.InRange(LatencyHistogram.FromSparse(result.Late).MicrosAt(1), 200_000, 60_000_000);
        Assert.InRange(LatencyHistogram.FromSparse(result.FirstEvent).MicrosAt(0.5), 0, 100_000);
    }

    [Fact]
    public async Task An_instant_that_no_connection_is_left_for_counts_as_wrong()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        Task closing = CloseAsync(server, 2);
        LoadPlan plan = new() { Host = "127.0.0.1", Port = ((IPEndPoint)server.LocalEndpoint).Port, Keys = ["sk"], Connections = 2, RatePerSecond = 200, Seconds = 0.2 };
        LoadResult result = await Generator.RunAsync(plan);
        await closing;
        Assert.Equal(await InstantsAsync(plan), result.Calls);
        Assert.Equal(result.Calls, result.Wrong);
    }

    private static async Task<long> InstantsAsync(LoadPlan plan)
    {
        Pacer pacer = Generator.PacerOf(plan);
        pacer.Start();
        return await pacer.Due.ReadAllAsync().CountAsync();
    }

    private static async Task CloseAsync(TcpListener server, int connections)
    {
        for (int i = 0; i < connections; i++)
        {
            (await server.AcceptSocketAsync()).Dispose();
        }
    }
}
