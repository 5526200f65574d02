using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Flow;

/// <summary>
/// Goes on taking calls for a moment after the signal to stop, each on a connection that is closed after it: balancers learn from <c>/health/ready</c> that
/// they should send no more, and no call finds its connection closed under it.
/// </summary>
internal sealed class Linger(IHostApplicationLifetime lifetime, InFlight inFlight, IOptions<GatewayOptions> options, TimeProvider time) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before any service stops, the listener included.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A program that stops its own gateway without a signal has no balancer that would have to learn of it.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            var duration = TimeSpan.FromSeconds(Math.Min(options.Value.LingerSeconds, options.Value.DrainSeconds));
            await Task.Delay(duration, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Closes connections after their next answer while the gateway stops. HTTP/2 has a frame of its own for that, which the server sends.</summary>
    public Task CloseAsync(HttpContext context, RequestDelegate next)
    {
        if (inFlight.Stopping.IsCancellationRequested && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    }
}
