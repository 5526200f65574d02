using System.Diagnostics.Metrics;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Holds;
using AIOrleans.Gateway.Routing;
using Microsoft.Extensions.Hosting;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>What this process has in hand, and what it knows of its providers. A service of the host, so that it exists.</summary>
internal sealed class GatewayGauges(
    IMeterFactory factory, InFlight inFlight, LiveHolds holds, SettlementTracker settlements, Breakers breakers, IProviderKeys keys, IDirectory directory, TimeProvider time)
    : IHostedService
{
    private static readonly string[] States = ["closed", "half-open", "open"];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Meter meter = factory.Create(RequestMetrics.MeterName);
        meter.CreateObservableGauge("aiorleans.requests.active", () => inFlight.Count, "{request}", "Model calls that this process works on.");
        meter.CreateObservableGauge("aiorleans.requests.limit", () => inFlight.Max, "{request}", "Model calls that this process works on at once at most (Gateway:RequestsInFlightMax).");
        meter.CreateObservableGauge("aiorleans.holds.open", () => holds.Count, "{hold}", "Holds of requests of this process that are not settled yet.");
        meter.CreateObservableGauge("aiorleans.settlements.running", () => settlements.RunningCount, "{settlement}", "Settlements of this process that are under way.");
        meter.CreateObservableGauge("aiorleans.breaker.state", ReadBreakers, null, "1 for the state that a deployment's breaker is in as far as this process knows, 0 for the others.");
        meter.CreateObservableGauge("aiorleans.provider.keys", ReadKeys, "{key}", "Keys of a provider, by whether they can be used or rest after a refusal, for some model or for all.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<int>> ReadBreakers()
    {
        IEnumerable<RouteConfig> deployments = directory.Current.Models.Values.SelectMany(model => model.Routes).DistinctBy(route => (route.Provider, route.Model));
        foreach (RouteConfig route in deployments)
        {
            string current = breakers.StateOf(route);
            foreach (string state in States)
            {
                yield return new Measurement<int>(state == current ? 1 : 0, new("provider", route.Provider), new("model", route.Model), new("state", state));
            }
        }
    }

    private IEnumerable<Measurement<int>> ReadKeys()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (ProviderConfig provider in directory.Current.Providers.Values)
        {
            var health = keys.HealthOf(provider);
            if (health.Count > 0)
            {
                int resting = health.Count(key => key.Rests.Any(rest => rest.Until > now));
                yield return new Measurement<int>(resting, new("provider", provider.Name), new("state", "resting"));
                yield return new Measurement<int>(health.Count - resting, new("provider", provider.Name), new("state", "usable"));
            }
        }
    }
}
