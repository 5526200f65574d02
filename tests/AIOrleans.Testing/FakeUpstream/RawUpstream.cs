using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AIOrleans.Testing;

/// <summary>A server on a loopback socket that speaks whatever bytes a test wants, HTTP or not.</summary>
public sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    private RawUpstream(Func<RawConnection, Task> script)
    {
        listener.Start();
        accepting = AcceptAsync(script);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public Uri BaseUrl => new($"http://127.0.0.1:{Port}/v1");

    /// <summary>Starts on a free port and plays <paramref name="script"/> on every connection.</summary>
    public static RawUpstream Start(Func<RawConnection, Task> script) => new(script);

    /// <summary>A port on which nobody listens.</summary>
    public static int ClosedPort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Stop();
        stop.Dispose();
    }

    private async Task AcceptAsync(Func<RawConnection, Task> script)
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(script, await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Func<RawConnection, Task> script, Socket socket)
    {
        using (socket)
        {
            try
            {
                await script(new RawConnection(socket, stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The caller left, or the test is over.
            }
        }
    }
}

/// <summary>One connection of a <see cref="RawUpstream"/>.</summary>
public sealed class RawConnection(Socket socket, CancellationToken stop)
{
    /// <summary>Reads a request with a content length to its end.</summary>
    public async Task<string> ReadRequestAsync()
    {
        StringBuilder text = new();
        byte[] buffer = new byte[64 * 1024];
        while (!IsWhole(text.ToString()))
        {
            int length = await socket.ReceiveAsync(buffer, stop);
            if (length == 0)
            {
                throw new OperationCanceledException("The caller closed the connection.");
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        return text.ToString();
    }

    public async Task SendAsync(string text)
    {
        ReadOnlyMemory<byte> rest = Encoding.Latin1.GetBytes(text);
        while (rest.Length > 0)
        {
            rest = rest[await socket.SendAsync(rest, stop)..];
        }
    }

    /// <summary>Waits until the caller closes or resets the connection.</summary>
    public async Task WaitForCloseAsync()
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, stop) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset is closed too.
        }
    }

    /// <summary>Closes with a reset instead of a clean end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private static bool IsWhole(string text)
    {
        int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        int field = text.IndexOf("content-length:", StringComparison.OrdinalIgnoreCase);
        return head >= 0 && (field < 0 || field > head
            || text.Length - head - 4 >= int.Parse(text[(field + 15)..text.IndexOf('\r', field)], System.Globalization.CultureInfo.InvariantCulture));
    }
}
