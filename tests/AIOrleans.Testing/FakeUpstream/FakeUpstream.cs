using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Testing;

/// <summary>Answers one request. See <see cref="UpstreamScripts"/>.</summary>
public delegate Task UpstreamScript(HttpContext http, UpstreamRequest request);

/// <summary>An OpenAI-like server on a loopback socket that does what its scripts say and keeps what it received. Thread-safe.</summary>
public sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<UpstreamRequest> requests = new();
    private readonly Channel<UpstreamRequest> arrivals = Channel.CreateUnbounded<UpstreamRequest>();
    private readonly Queue<UpstreamScript> scripts;

    private FakeUpstream(WebApplication app, IEnumerable<UpstreamScript> scripts)
    {
        this.app = app;
        this.scripts = new Queue<UpstreamScript>(scripts);
    }

    /// <summary>To be configured as a provider's base URL: <c>http://127.0.0.1:{port}/v1</c>.</summary>
    public Uri BaseUrl => new(app.Urls.First() + "/v1");

    /// <summary>Every request received so far, oldest first.</summary>
    public IReadOnlyCollection<UpstreamRequest> Requests => requests;

    /// <summary>Starts on a free port. Each request takes the next script; the last one answers all that follow.</summary>
    public static async Task<FakeUpstream> StartAsync(params UpstreamScript[] scripts)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        FakeUpstream upstream = new(builder.Build(), scripts);
        upstream.app.Run(upstream.ServeAsync);
        await upstream.app.StartAsync();
        return upstream;
    }

    /// <summary>From now on requests take <paramref name="next"/> in order; the last one stays.</summary>
    public void Answer(params UpstreamScript[] next)
    {
        lock (scripts)
        {
            scripts.Clear();
            Array.ForEach(next, scripts.Enqueue);
        }
    }

    /// <summary>Waits for a request that was not returned before.</summary>
    public async Task<UpstreamRequest> NextRequestAsync() => await arrivals.Reader.ReadAsync();

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = http.RequestAborted.Register(closed.SetResult);
        UpstreamRequest request = new(
            http.Request.Method,
            http.Request.Path + http.Request.QueryString,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            closed.Task);
        requests.Enqueue(request);
        arrivals.Writer.TryWrite(request);
        await NextScript()(http, request);
    }

    private UpstreamScript NextScript()
    {
        lock (scripts)
        {
            return scripts.Count > 1 ? scripts.Dequeue() : scripts.Peek();
        }
    }
}
