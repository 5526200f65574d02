using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Http;

public sealed class StreamTests : IAsyncDisposable
{
    private readonly ServiceProvider services = Attempts.Services();

    private IChatProvider Chat => services.GetRequiredService<IChatProvider>();

    [Fact]
    public async Task Breaks_a_stream_that_falls_silent()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.SilenceAfter("data: one\n\n"));
        await using AnswerStream body = await OpenAsync(Attempts.Provider(upstream.BaseUrl, idle: Attempts.Soon));

        ProviderException broken = await Assert.ThrowsAsync<ProviderException>(() => Attempts.ReadToEndAsync(body));

        Assert.Equal((FailureKind.IdleTimeout, true, true), (broken.Failure.Kind, broken.IsTransient, broken.Failure.MayBeBilled));
        await (await upstream.NextRequestAsync()).Closed;
    }

    [Fact]
    public async Task Lets_a_running_stream_outlast_every_timeout_and_a_slow_client_pause()
    {
        TimerClock clock = new();
        await using ServiceProvider own = Attempts.Services(clock);
        SseFeed feed = new();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        TimeSpan limit = TimeSpan.FromSeconds(10);
        AttemptRequest request = Attempts.Request(Attempts.Provider(upstream.BaseUrl, limit, limit, limit), stream: true);
        Task<AttemptResult> call = own.GetRequiredService<IChatProvider>().CallAsync(request, CancellationToken.None);
        await feed.SendRawAsync(".");
        await using AnswerStream body = Assert.IsType<AttemptResult.Streamed>(await call).Body;
        byte[] buffer = new byte[10];
        Assert.Equal(1, await body.ReadAsync(buffer, CancellationToken.None));

        for (int i = 0; i < 10; i++)
        {
            // The provider is slow, but not too slow.
            Task<int> reading = body.ReadAsync(buffer, CancellationToken.None).AsTask();
            clock.Advance(0.9 * limit);
            await feed.SendRawAsync(".");
            Assert.Equal(1, await reading);

            // Nobody reads, for as long as it likes.
            clock.Advance(2 * limit);
        }
    }

    [Fact]
    public async Task Breaks_a_stream_that_is_reset()
    {
        SseFeed feed = new();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        Task<AnswerStream> opening = OpenAsync(Attempts.Provider(upstream.BaseUrl));
        await feed.SendAsync("one");
        await using AnswerStream body = await opening;
        await feed.ResetAsync();

        ProviderException broken = await Assert.ThrowsAsync<ProviderException>(() => Attempts.ReadToEndAsync(body));

        Assert.Equal((FailureKind.Reset, true), (broken.Failure.Kind, broken.IsTransient));
    }

    [Fact]
    public async Task Breaks_a_stream_whose_framing_is_garbage()
    {
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawUpstream upstream = RawUpstream.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
            await opened.Task;
            await connection.SendAsync("banana\r\n");
            await connection.WaitForCloseAsync();
        });
        await using AnswerStream body = await OpenAsync(Attempts.Provider(upstream.BaseUrl));
        opened.SetResult();

        ProviderException broken = await Assert.ThrowsAsync<ProviderException>(() => Attempts.ReadToEndAsync(body));

        Assert.Equal(FailureKind.Garbage, broken.Failure.Kind);
    }

    [Fact]
    public async Task Ends_a_truncated_stream_cleanly_for_the_meter_to_notice()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse("one"));
        await using AnswerStream body = await OpenAsync(Attempts.Provider(upstream.BaseUrl));

        Assert.Equal("data: one\n\n", await Attempts.ReadToEndAsync(body));
    }

    [Fact]
    public async Task Closes_the_upstream_when_a_waiting_call_is_cancelled()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Silence);
        using CancellationTokenSource client = new();
        Task<AttemptResult> call = Chat.CallAsync(Attempts.Request(Attempts.Provider(upstream.BaseUrl), stream: true), client.Token);
        UpstreamRequest received = await upstream.NextRequestAsync();

        await client.CancelAsync();

        AttemptCancelledException cancelled = await Assert.ThrowsAsync<AttemptCancelledException>(() => call);
        Assert.True(cancelled.MayBeBilled);
        Assert.Equal(client.Token, cancelled.CancellationToken);
        await received.Closed;
    }

    [Fact]
    public async Task Was_not_billed_when_cancelled_before_anything_was_sent()
    {
        await using RawUpstream upstream = RawUpstream.Start(connection => connection.WaitForCloseAsync());
        using CancellationTokenSource client = new();
        Task<AttemptResult> call = Chat.CallAsync(
            Attempts.Request(Attempts.Provider(new Uri($"https://127.0.0.1:{upstream.Port}/v1"))), client.Token);

        await client.CancelAsync();

        Assert.False((await Assert.ThrowsAsync<AttemptCancelledException>(() => call)).MayBeBilled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Closes_the_upstream_when_a_read_is_cancelled(bool byTokenOfCall)
    {
        SseFeed feed = new();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        using CancellationTokenSource ofCall = new();
        using CancellationTokenSource ofRead = new();
        Task<AnswerStream> opening = OpenAsync(Attempts.Provider(upstream.BaseUrl), ofCall.Token);
        await feed.SendRawAsync("a");
        await using AnswerStream body = await opening;
        byte[] buffer = new byte[10];
        Assert.Equal(1, await body.ReadAsync(buffer, ofRead.Token));
        Task<int> reading = body.ReadAsync(buffer, ofRead.Token).AsTask();

        await (byTokenOfCall ? ofCall : ofRead).CancelAsync();

        await Assert.ThrowsAsync<AttemptCancelledException>(() => reading);
        await (await upstream.NextRequestAsync()).Closed;
    }

    [Fact]
    public async Task Closes_the_upstream_when_a_running_stream_is_disposed()
    {
        SseFeed feed = new();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        Task<AnswerStream> opening = OpenAsync(Attempts.Provider(upstream.BaseUrl));
        await feed.SendRawAsync("a");

        await (await opening).DisposeAsync();

        await (await upstream.NextRequestAsync()).Closed;
    }

    [Fact]
    public async Task Uses_a_connection_again_after_a_stream_that_was_read_to_its_done()
    {
        int connections = 0;
        byte[] done = "data: [DONE]\n\n"u8.ToArray();
        await using RawUpstream upstream = RawUpstream.Start(async connection =>
        {
            Interlocked.Increment(ref connections);
            while (true)
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(
                    $"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\ne\r\n{Encoding.ASCII.GetString(done)}\r\n0\r\n\r\n");
            }
        });
        byte[] buffer = new byte[done.Length];
        for (int i = 0; i < 5; i++)
        {
            await using AnswerStream body = await OpenAsync(Attempts.Provider(upstream.BaseUrl));
            Assert.Equal(done.Length, await body.ReadAsync(buffer, CancellationToken.None));
        }

        Assert.Equal(1, connections);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task<AnswerStream> OpenAsync(ProviderConfig provider, CancellationToken cancellationToken = default) =>
        Assert.IsType<AttemptResult.Streamed>(await Chat.CallAsync(Attempts.Request(provider, stream: true), cancellationToken)).Body;
}
