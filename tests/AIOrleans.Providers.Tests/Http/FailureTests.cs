using System.IO.Compression;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Http;

public sealed class FailureTests : IAsyncDisposable
{
    private readonly ServiceProvider services = Attempts.Services();

    private IChatProvider Chat => services.GetRequiredService<IChatProvider>();

    [Fact]
    public async Task Tells_a_refused_connection()
    {
        AttemptFailure failure = await FailAsync(new Uri($"http://127.0.0.1:{RawUpstream.ClosedPort()}/v1"));

        Assert.Equal((FailureKind.ConnectRefused, true, false), (failure.Kind, failure.IsTransient, failure.MayBeBilled));
    }

    [Fact]
    public async Task Tells_an_unknown_host_name()
    {
        AttemptFailure failure = await FailAsync(new Uri("http://no-such-host.invalid/v1"));

        Assert.Equal((FailureKind.NameUnknown, false), (failure.Kind, failure.MayBeBilled));
    }

    [Fact]
    public async Task Tells_a_failed_handshake()
    {
        await using RawUpstream upstream = RawUpstream.Start(connection => connection.SendAsync("this is no TLS at all, whatever you say\r\n\r\n"));

        AttemptFailure failure = await FailAsync(new Uri($"https://127.0.0.1:{upstream.Port}/v1"));

        Assert.Equal((FailureKind.TlsFailed, false, false), (failure.Kind, failure.IsTransient, failure.MayBeBilled));
    }

    [Fact]
    public async Task Tells_a_connection_that_takes_too_long()
    {
        // The socket connects, but the handshake never answers: that is part of connecting.
        await using RawUpstream upstream = RawUpstream.Start(connection => connection.WaitForCloseAsync());

        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(
            Attempts.Request(Attempts.Provider(new Uri($"https://127.0.0.1:{upstream.Port}/v1"), connect: Attempts.Soon)), CancellationToken.None));

        Assert.Equal((FailureKind.ConnectTimeout, true, false), (failure.Kind, failure.IsTransient, failure.MayBeBilled));
        Assert.Equal("Provider 'up' took no connection within 0.05 s.", failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tells_an_answer_that_never_begins(bool stream)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Silence);

        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(
            Attempts.Request(Attempts.Provider(upstream.BaseUrl, firstByte: Attempts.Soon), stream), CancellationToken.None));

        Assert.Equal((FailureKind.FirstByteTimeout, true, true), (failure.Kind, failure.IsTransient, failure.MayBeBilled));
        await (await upstream.NextRequestAsync()).Closed;
    }

    [Fact]
    public async Task Tells_a_stream_of_headers_only_while_another_provider_can_still_be_asked()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.SilenceAfterHeaders);

        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(
            Attempts.Request(Attempts.Provider(upstream.BaseUrl, firstByte: Attempts.Soon), stream: true), CancellationToken.None));

        Assert.Equal(FailureKind.FirstByteTimeout, failure.Kind);
        await (await upstream.NextRequestAsync()).Closed;
    }

    [Fact]
    public async Task Tells_an_answer_that_stops_in_the_middle()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.SilenceAfter("{\"id\":", "application/json"));

        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(
            Attempts.Request(Attempts.Provider(upstream.BaseUrl, idle: Attempts.Soon)), CancellationToken.None));

        Assert.Equal((FailureKind.IdleTimeout, true), (failure.Kind, failure.MayBeBilled));
    }

    [Fact]
    public async Task Tells_a_reset_before_the_answer()
    {
        await using RawUpstream upstream = RawUpstream.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });

        AttemptFailure failure = await FailAsync(upstream.BaseUrl);

        Assert.Equal((FailureKind.Reset, true, true), (failure.Kind, failure.IsTransient, failure.MayBeBilled));
    }

    [Fact]
    public async Task Tells_a_reset_within_a_complete_answer()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.ResetAfter("{\"id\":", "application/json"));

        Assert.Equal(FailureKind.Reset, (await FailAsync(upstream.BaseUrl)).Kind);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n")]
    [InlineData("HTTP/1.1 banana\r\n\r\n")]
    public async Task Tells_what_is_no_http(string bytes)
    {
        await using RawUpstream upstream = RawUpstream.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(bytes);
        });

        AttemptFailure failure = await FailAsync(upstream.BaseUrl);

        Assert.Equal((FailureKind.Garbage, true), (failure.Kind, failure.MayBeBilled));
    }

    [Theory]
    [InlineData("<html>hello</html>", "text/html", false, null)]
    [InlineData("{}", "application/json", false, null)]
    [InlineData("""{"error":{"message":"overloaded"}}""", "application/json", false, "overloaded")]
    [InlineData("""{"error":{"message":"overloaded"}}""", "application/json", true, "overloaded")]
    [InlineData("", "text/event-stream", true, null)]
    public async Task Tells_what_is_no_chat_answer(string body, string contentType, bool stream, string? error)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body(System.Text.Encoding.UTF8.GetBytes(body), contentType));

        AttemptFailure failure = await Attempts.FailureOf(
            Chat.CallAsync(Attempts.Request(Attempts.Provider(upstream.BaseUrl), stream), CancellationToken.None));

        Assert.Equal((FailureKind.Garbage, error), (failure.Kind, failure.Error?.Message));
    }

    [Fact]
    public async Task Refuses_a_compressed_answer_that_nobody_asked_for()
    {
        using MemoryStream zipped = new();
        await using (GZipStream zip = new(zipped, CompressionLevel.Fastest))
        {
            zip.Write("{}"u8);
        }

        await using FakeUpstream upstream = await FakeUpstream.StartAsync(
            UpstreamScripts.Body(zipped.ToArray(), "application/json", 200, ("content-encoding", "gzip")));

        Assert.Equal(FailureKind.Garbage, (await FailAsync(upstream.BaseUrl)).Kind);
    }

    [Fact]
    public async Task Stops_reading_an_answer_without_end()
    {
        byte[] body = new byte[33 * 1024 * 1024];
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body(body, "application/json"));

        AttemptFailure failure = await FailAsync(upstream.BaseUrl);

        Assert.Equal((FailureKind.TooLarge, false, true), (failure.Kind, failure.IsTransient, failure.MayBeBilled));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private Task<AttemptFailure> FailAsync(Uri baseUrl) =>
        Attempts.FailureOf(Chat.CallAsync(Attempts.Request(Attempts.Provider(baseUrl)), CancellationToken.None));
}
