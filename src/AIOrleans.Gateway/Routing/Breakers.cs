using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AIOrleans.Contracts.Providers;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Gateway.Routing;

/// <summary>What this process knows of every deployment's breaker: read from memory while routing, refreshed by each report.</summary>
internal sealed class Breakers(IGrainFactory grains, TimeProvider time, ILogger<Breakers> logger)
{
    /// <summary>How long a half-open breaker is believed to be so: its probe may have ended on another process.</summary>
    private static readonly TimeSpan HalfOpenAgeMax = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for the owner of a breaker: a request waits for it.</summary>
    private static readonly TimeSpan ProbeWaitMax = TimeSpan.FromSeconds(2);

    private static readonly ConditionalWeakTable<RouteConfig, string> Keys = [];

    private readonly ConcurrentDictionary<string, Known> views = new();
    private readonly ConditionalWeakTable<string, IProviderGrain> owners = [];

    /// <summary>The key of the grain that owns the breaker of a deployment.</summary>
    public static string KeyOf(RouteConfig route) => Keys.GetValue(route, static route => $"{AccountId.Escape(route.Provider)}/{AccountId.Escape(route.Model)}");

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

    /// <summary><c>closed</c>, <c>open</c> or <c>half-open</c>, as far as this process knows: without any call it hears of nothing.</summary>
    public string StateOf(RouteConfig route) =>
        !views.TryGetValue(KeyOf(route), out Known? known) ? "closed"
        : known.View.State == "open" && known.View.OpenUntil <= time.GetUtcNow() ? "half-open"
        : known.View.State;

    /// <summary>Asks to call a deployment whose pause is over: one caller at a time is let through.</summary>
    public async ValueTask<bool> TryProbeAsync(RouteConfig route)
    {
        string key = KeyOf(route);
        if (!views.TryGetValue(key, out Known? known) || known.View.State == "closed")
        {
            return true;
        }

        try
        {
            IProviderGrain grain = OwnerOf(key);
            bool granted = await grain.TryProbeAsync().WaitAsync(ProbeWaitMax, time);
            See(key, await grain.ViewAsync().WaitAsync(ProbeWaitMax, time));
            return granted;
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // Its owner's silo has gone: the call itself will tell whether the provider works again.
            RoutingLog.ProbeUnanswered(logger, key, exception.Message);
            return true;
        }
    }

    /// <summary>Tells the owner of the breaker how an attempt ended; never waits and never fails the request.</summary>
    public void Report(RouteConfig route, AttemptReport report) => _ = ReportAsync(KeyOf(route), report);

    private async Task ReportAsync(string key, AttemptReport report)
    {
        try
        {
            See(key, await OwnerOf(key).ReportAsync(report));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            RoutingLog.ReportFailed(logger, key, exception);
        }
    }

    private IProviderGrain OwnerOf(string key) =>
        owners.TryGetValue(key, out IProviderGrain? known) ? known : owners.GetValue(key, key => grains.GetGrain<IProviderGrain>(key));

    private void See(string key, BreakerView view) => views[key] = new Known(view, time.GetUtcNow());

    private sealed record Known(BreakerView View, DateTimeOffset SeenAt);
}
