using System.Diagnostics.Metrics;
using System.Reflection;
using AIOrleans.Gateway.Endpoints;

namespace AIOrleans.Host.Metrics;

/// <summary>What is to be told of the process as a whole.</summary>
internal sealed class HostMetrics
{
#if CLUSTER
    private const string Edition = "cluster";
#else
    private const string Edition = "embedded";
#endif

    public HostMetrics(IMeterFactory factory, MetricStore store, Readiness readiness)
    {
        Meter meter = factory.Create("AIOrleans.Host");
        string version = typeof(HostMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        KeyValuePair<string, object?>[] build = [new("version", version), new("edition", Edition)];
        meter.CreateObservableGauge("aiorleans.build", () => new Measurement<int>(1, build), null, "1, with the version and edition of this process.");
        meter.CreateObservableGauge("aiorleans.ready", () => readiness.IsReady ? 1 : 0, null, "1 while this process should get requests, else 0.");
        meter.CreateObservableCounter(
            "aiorleans.metrics.dropped", () => store.Dropped, "{measurement}", "Measurements that were not kept, because their metric had Metrics:SeriesMax series.");
    }
}
