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

    /// <summary>Of the product, beyond those that every silo here has.</summary>
    public IReadOnlyList<(string Name, string Value)> Options { get; init; } = [];

    /// <summary>As command line of <c>Program</c>.</summary>
    public string[] ToArguments() =>
        [ConnectionString, ClusterId, ServiceId, $"{SiloPort}", $"{GatewayPort}", .. Options.Select(option => $"{option.Name}={option.Value}")];

    public static SiloSettings FromArguments(ReadOnlySpan<string> a) => new(a[0], a[1], a[2], int.Parse(a[3]), int.Parse(a[4]))
    {
        Options = [.. a[5..].ToArray().Select(option => option.Split('=', 2)).Select(parts => (parts[0], parts[1]))],
    };

    public HostApplicationBuilder ToBuilder()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "silo" });
        Compose(builder);
        return builder;
    }

    /// <summary>Makes the host that is built such a silo.</summary>
    public void Compose(IHostApplicationBuilder builder)
    {
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
        builder.Configuration.AddInMemoryCollection(Options.Select(option => KeyValuePair.Create(option.Name, (string?)option.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IDirectory, AllTenants>();
        builder.Services.AddAIOrleansStorage(builder.Configuration);
        builder.Services.AddHostedService<StorageFirst>();
        builder.UseAIOrleansSilo();
        builder.Services.AddAIOrleansGrains(builder.Configuration);
        builder.Services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
    }

    /// <summary>Opens the database before the silo starts, as the product's own program does.</summary>
    private sealed class StorageFirst(IStorageStartup storage) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => storage.PrepareAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
