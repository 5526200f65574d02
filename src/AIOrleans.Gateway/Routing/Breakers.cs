using System.Collections.Concurrent;
using AIOrleans.Contracts.Providers;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using Microsoft.Extensions.Logging;
using Orleans;

namespace AIOrleans.Gateway.Routing;

/// <summary>What this process knows of every deployment's breaker: read from memory while routing, refreshed by each report.</summary>
internal sealed class Breakers(IGrainFactory grains, TimeProvider time, ILogger<Breakers> logger)
{
    /// <summary>How long a half-open breaker is believed to be so: its probe may have ended on another process.</summary>
    private static readonly TimeSpan HalfOpenAgeMax = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Known> views = new();

    /// <summary>The key of the grain that owns the breaker of a deployment.</summary>
    public static string KeyOf(RouteConfig route) => $"{AccountId.Escape(route.Provider)}/{AccountId.Escape(route.Model)}";

    /// <summary>True while the deployment's breaker pauses, or its one probe is out.</summary>
    public bool IsResting(RouteConfig route)
    {
        if (!views.TryGetValue(KeyOf(route), out Known? known) || known.View.State == "closed")
        {
            return false;
        }

        DateTimeOffset now = time.GetUtcNow();
        return known.View.State == "half-open" ? now - known.SeenAt < HalfOpenAgeMax : known.View.OpenUntil > now;
    }

    /// <summary>Asks to call a deployment whose pause is over: one caller at a time is let through.</summary>
    public async ValueTask<bool> TryProbeAsync(RouteConfig route)
    {
        string key = KeyOf(route);
        if (!views.TryGetValue(key, out Known? known) || known.View.State == "closed")
        {
            return true;
        }

        IProviderGrain grain = grains.GetGrain<IProviderGrain>(key);
        bool granted = await grain.TryProbeAsync();
        See(key, await grain.ViewAsync());
        return granted;
    }

    /// <summary>Tells the owner of the breaker how an attempt ended; never waits and never fails the request.</summary>
    public void Report(RouteConfig route, AttemptReport report) => _ = ReportAsync(KeyOf(route), report);

    private async Task ReportAsync(string key, AttemptReport report)
    {
        try
        {
            See(key, await grains.GetGrain<IProviderGrain>(key).ReportAsync(report));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            RoutingLog.ReportFailed(logger, key, exception);
        }
    }

    private void See(string key, BreakerView view) => views[key] = new Known(view, time.GetUtcNow());

    private sealed record Known(BreakerView View, DateTimeOffset SeenAt);
}
