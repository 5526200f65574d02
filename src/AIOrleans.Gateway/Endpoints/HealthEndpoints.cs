using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using AIOrleans.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace AIOrleans.Gateway.Endpoints;

/// <summary>Whether this process should get requests.</summary>
public sealed class Readiness(IHostApplicationLifetime lifetime, SiloStanding standing)
{
    private volatile bool started;

    /// <summary>False before everything has started, from the moment it is asked to stop, and while its cluster may have given it up.</summary>
    public bool IsReady => started && standing.Doubt is null && !lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Why it is not ready.</summary>
    public string Reason => standing.Doubt ?? "starting or stopping";

    public void MarkReady() => started = true;
}

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it should get requests, it can hear of changes, and its ledger can be reached, or some
/// tenant lets calls be journaled while it cannot: then this process is better than none.
/// </summary>
internal sealed class HealthEndpoints(Readiness readiness, ILedger ledger, IOutageJournal journal, IDirectory directory, DirectoryFreshness freshness, ISiloStore silos, ISiloFacts self)
{
    public Task LiveAsync(HttpContext http) => WriteAsync(http, StatusCodes.Status200OK, "live");

    public async Task ReadyAsync(HttpContext http)
    {
        if (!readiness.IsReady)
        {
            await WriteAsync(http, StatusCodes.Status503ServiceUnavailable, readiness.Reason);
            return;
        }

        if (freshness.IsStale && !MayJournal())
        {
            await WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "changes of permissions cannot be heard of");
            return;
        }

        try
        {
            await ledger.ReadEventsAsync(long.MaxValue, 1, http.RequestAborted);

            if (self.Describe().Role == SiloRoles.Front && !(await silos.ReadAsync(http.RequestAborted)).Any(seen => seen.MayServe && seen.Silo.Role != SiloRoles.Front))
            {
                await WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "no back silo is seen, which would keep the accounts");
                return;
            }

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

    private bool MayJournal() => journal.HasRoom && directory.Current.AnyMayJournal();

    private static Task WriteAsync(HttpContext http, int status, string word)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync($"{{\"status\":\"{word}\"}}", http.RequestAborted);
    }
}
