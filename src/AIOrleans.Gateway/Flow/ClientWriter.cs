using System.Buffers;
using System.IO.Pipelines;
using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Protocols.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Flow;

/// <summary>Makes the writers of streams.</summary>
internal sealed class KeepAlives(IOptions<GatewayOptions> options, TimeProvider time)
{
    private readonly TimeSpan period = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds);

    /// <param name="recording">Gets everything but the comments; null: nobody repeats this answer.</param>
    public ClientWriter Begin(Exchange exchange, Recording? recording = null) => new(exchange.Http, exchange.Route.Protocol, recording, period, time);

    /// <summary>A writer of a file, which is silent when nothing comes: a comment would be part of it.</summary>
    public ClientWriter BeginBytes(Exchange exchange, Recording? recording) => new(exchange.Http, exchange.Route.Protocol, recording, Timeout.InfiniteTimeSpan, time);
}

/// <summary>Writes a stream to the client, each piece flushed at once, and a sign of life whenever it has been silent for long.</summary>
/// <remarks>A client that left makes every write a no-op: the caller decides how long to go on reading.</remarks>
internal sealed class ClientWriter : IAsyncDisposable
{
    private readonly HttpContext http;
    private readonly ClientProtocol protocol;
    private readonly Recording? recording;
    private readonly TimeSpan period;
    private readonly ITimer timer;
    private readonly SemaphoreSlim turn = new(1, 1);
    private bool isGone;

    public ClientWriter(HttpContext http, ClientProtocol protocol, Recording? recording, TimeSpan period, TimeProvider time)
    {
        this.http = http;
        this.protocol = protocol;
        this.recording = recording;
        this.period = period;
        timer = time.CreateTimer(static state => _ = ((ClientWriter)state!).KeepAliveAsync(), this, period, period); // ! Passed here.
    }

    /// <summary>True once the client has left.</summary>
    public bool IsGone => isGone || http.RequestAborted.IsCancellationRequested;

    /// <summary>Sends one piece now.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece)
    {
        // The piece lives only until the next read.
        recording?.Append(piece.ToArray());
        await turn.WaitAsync(CancellationToken.None);
        try
        {
            await SendAsync(piece);
        }
        finally
        {
            turn.Release();
        }

        timer.Change(period, period);
    }

    /// <summary>Sends an error event, which makes SDKs raise; nothing follows it.</summary>
    public ValueTask WriteErrorAsync(DeniedCall denied, RelayedStream? relayed = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        protocol.WriteErrorEnd(buffer, denied, relayed);
        return WriteAsync(buffer.WrittenMemory);
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();

        // A comment that is just being written has its turn first.
        await turn.WaitAsync(CancellationToken.None);
        turn.Dispose();
    }

    private async Task KeepAliveAsync()
    {
        // While a piece is being written the stream is not silent.
        if (!IsGone && turn.Wait(TimeSpan.Zero, CancellationToken.None))
        {
            try
            {
                await SendAsync(protocol.KeepAlive);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> piece)
    {
        if (IsGone)
        {
            return;
        }

        try
        {
            FlushResult flushed = await http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted);
            isGone |= flushed.IsCanceled || flushed.IsCompleted;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            isGone = true;
        }
    }
}
