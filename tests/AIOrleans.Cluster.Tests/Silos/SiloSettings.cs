using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Host.Silo;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace AIOrleans.Cluster.Tests.Silos;

/// <summary>One silo on this machine, composed as the product composes it; only its failure detector is quicker.</summary>
public sealed record SiloSettings(string ConnectionString, string ClusterId, string ServiceId, int SiloPort, int GatewayPort)
{
    public static SiloSettings Of(Database database, string clusterId) => new(database.ConnectionString, clusterId, clusterId, FreePort.Next(), FreePort.Next());

    /// <summary>As command line of <c>Program</c>.</summary>
    public string[] ToArguments() => [ConnectionString, ClusterId, ServiceId, $"{SiloPort}", $"{GatewayPort}"];

    public static SiloSettings FromArguments(ReadOnlySpan<string> a) => new(a[0], a[1], a[2], int.Parse(a[3]), int.Parse(a[4]));

    public HostApplicationBuilder ToBuilder()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "silo" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Provider"] = "postgresql",
            ["Storage:ConnectionString"] = ConnectionString,
            ["Cluster:ClusterId"] = ClusterId,
            ["Cluster:ServiceId"] = ServiceId,
            ["Cluster:SiloPort"] = $"{SiloPort}",
            ["Cluster:GatewayPort"] = $"{GatewayPort}",
            ["Cluster:AdvertisedIPAddress"] = "127.0.0.1",
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseAIOrleansSilo(dataFolder: "");
        builder.Services.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            options.NumMissedProbesLimit = 3;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
        });
        builder.Services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
        return builder;
    }
}
