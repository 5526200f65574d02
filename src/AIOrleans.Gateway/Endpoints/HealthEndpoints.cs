using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace AIOrleans.Gateway.Endpoints;

/// <summary>Whether this process should get requests.</summary>
public sealed class Readiness(IHostApplicationLifetime lifetime)
{
    private volatile bool started;
    private volatile string? suspendedFor;

    /// <summary>False before everything has started and from the moment it is asked to stop.</summary>
    public bool IsReady => started && suspendedFor is null && !lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Why it is not ready.</summary>
    public string Reason => suspendedFor ?? "starting or stopping";

    public void MarkReady() => started = true;

    /// <summary>Not ready for now, for a reason that fits into a line: balancers should choose another process.</summary>
    public void Suspend(string reason) => suspendedFor = reason;

    public void Resume() => suspendedFor = null;
}

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it should get requests, and its ledger can be reached, or some tenant lets
/// calls be journaled while it cannot: then this process is better than none.
/// </summary>
internal sealed class HealthEndpoints(Readiness readiness, ILedger ledger, IOutageJournal journal, IDirectory directory)
{
    public Task LiveAsync(HttpContext http) => WriteAsync(http, StatusCodes.Status200OK, "live");

    public async Task ReadyAsync(HttpContext http)
    {
        if (!readiness.IsReady)
        {
            await WriteAsync(http, StatusCodes.Status503ServiceUnavailable, readiness.Reason);
            return;
        }

        try
        {
            await ledger.ReadEventsAsync(long.MaxValue, 1, http.RequestAborted);

            // A database that can be read and not written is away too.
            await WriteAsync(http, StatusCodes.Status200OK, journal.IsEmpty ? "ready" : "ready; some calls are in the outage journal only");
        }
        catch (StoreUnavailableException)
        {
            await (MayJournal()
                ? WriteAsync(http, StatusCodes.Status200OK, "the ledger cannot be reached; calls are journaled")
                : WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "the ledger cannot be reached"));
        }
    }

    private bool MayJournal() =>
        journal.HasRoom && directory.Current.Tenants.Values.Any(tenant => tenant.Limits.OnStoreOutage == StoreOutagePolicy.AllowAndJournal);

    private static Task WriteAsync(HttpContext http, int status, string word)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync($"{{\"status\":\"{word}\"}}", http.RequestAborted);
    }
}
