using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Core.Directory;
using AIOrleans.Grains;
using AIOrleans.Host.Silo;
using AIOrleans.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace AIOrleans.Cluster.Tests.Silos;

/// <summary>One silo on this machine, composed as the product composes it.</summary>
public sealed record SiloSettings(string ConnectionString, string ClusterId, string ServiceId, int SiloPort, int GatewayPort)
{
    /// <summary>The shortest lease there is: orphans are waited for.</summary>
    public const int LeaseSeconds = 5;

    /// <summary>The quickest failure detector there is.</summary>
    public const int FailureDetectionSeconds = 3;

    public static SiloSettings Of(Database database, string clusterId) => new(database.ConnectionString, clusterId, clusterId, FreePort.Next(), FreePort.Next());

    /// <summary>What the silo does in the cluster.</summary>
    public string Role { get; init; } = "all";

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
            ["Cluster:Role"] = Role,
            ["Cluster:AdvertisedIPAddress"] = "127.0.0.1",
            ["Cluster:FailureDetectionSeconds"] = $"{FailureDetectionSeconds}",
            ["Ledger:LeaseSeconds"] = $"{LeaseSeconds}",
            ["AIORLEANS_MASTER_KEY"] = Database.MasterKey,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IDirectory, AllTenants>();
        builder.Services.AddAIOrleansStorage(builder.Configuration);
        builder.UseAIOrleansSilo();
        builder.Services.AddAIOrleansGrains(builder.Configuration);
        builder.Services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
        return builder;
    }
}
