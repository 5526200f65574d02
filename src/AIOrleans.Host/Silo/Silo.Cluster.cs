using System.Net;
using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Silos;
using AIOrleans.Grains;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.Streams;

namespace AIOrleans.Host.Silo;

/// <summary>Makes this process a silo of a cluster of genuine Orleans on PostgreSQL.</summary>
internal static class SiloSetup
{
    /// <summary>Where Orleans finds Npgsql by itself.</summary>
    private const string Invariant = "Npgsql";

    private const int ProbesMissedMax = 3;
    private const int HeartbeatsMissedMax = 3;

    /// <summary>Composes the silo from the sections <c>Cluster</c> and <c>Storage</c>.</summary>
    /// <remarks>It reads <c>OrleansQuery</c> when it starts, so the database must be migrated before the host starts.</remarks>
    /// <exception cref="OptionsValidationException">A setting is wrong: every mistake at once.</exception>
    public static void UseAIOrleansSilo(this IHostApplicationBuilder builder)
    {
        ClusterMemberOptions member = new();
        builder.Configuration.GetSection(ClusterMemberOptions.Section).Bind(member);
        string connectionString = Check(member, builder.Configuration.GetSection("Storage"));

        // Before the section is bound, which may switch it off.
        builder.Services.Configure<LeaseOptions>(options => options.Enabled = true);
        builder.UseOrleans(silo =>
        {
            Join(silo, member);
            if (member.Role == SiloRoles.Front)
            {
                // After Orleans has found them all. Its directory of who has which class keeps every such grain on the other silos.
                silo.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(KeepsState));
            }

            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, AbandonedEntries>();
            silo.Services.TryAddSingleton<SiloStanding>();
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SilentSilos>();
            Remember(silo, connectionString);
        });
    }

    /// <summary>What this process does in the cluster.</summary>
    public static string RoleOf(IConfiguration configuration) => configuration.GetSection(ClusterMemberOptions.Section)[nameof(ClusterMemberOptions.Role)] ?? SiloRoles.All;

    /// <summary>Of the product's own grains all but the request workers, which are always local to who calls them.</summary>
    private static bool KeepsState(Type grain) =>
        grain.Assembly == typeof(GrainServices).Assembly && !grain.IsDefined(typeof(StatelessWorkerAttribute), inherit: true);

    private static string Check(ClusterMemberOptions member, IConfigurationSection storage)
    {
        List<string> mistakes = [.. new ClusterMemberOptionsValidator().Validate(null, member).Failures ?? []];
        string? provider = storage["Provider"];
        if (!string.Equals(provider, "postgresql", StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add($"Storage:Provider is '{provider ?? "sqlite"}'; the Cluster edition needs 'postgresql', which all silos share.");
        }

        string connectionString = "";
        try
        {
            connectionString = OwnPool(storage["ConnectionString"], member.ConnectionsMax);
            if (connectionString.Length == 0)
            {
                mistakes.Add("Storage:ConnectionString is missing; it must be one such as 'Host=db;Database=aiorleans;Username=aiorleans'.");
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The parser names the keyword, never its value: no password gets into the message.
            mistakes.Add($"Storage:ConnectionString cannot be read: {e.Message}");
        }

        return mistakes.Count == 0 ? connectionString : throw new OptionsValidationException(ClusterMemberOptions.Section, typeof(ClusterMemberOptions), mistakes);
    }

    /// <summary>The same database through connections of its own: a ledger under full load cannot keep the silo from saying that it lives.</summary>
    private static string OwnPool(string? connectionString, int connectionsMax) => string.IsNullOrWhiteSpace(connectionString)
        ? ""
        : new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "aiorleans-silo", MaxPoolSize = connectionsMax, MinPoolSize = 0 }.ConnectionString;

    private static void Join(ISiloBuilder silo, ClusterMemberOptions member)
    {
        silo.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = member.ClusterId;
            options.ServiceId = member.ServiceId;
        });
        silo.Configure<EndpointOptions>(options =>
        {
            options.SiloPort = member.SiloPort;
            options.GatewayPort = member.GatewayPort;
            if (member.AdvertisedIPAddress is { } address)
            {
                options.AdvertisedIPAddress = IPAddress.Parse(address);
            }
        });

        // What live views and holds call their silo: tells the machine, and which of its silos.
        silo.Configure<SiloOptions>(options => options.SiloName = $"{Environment.MachineName}:{member.SiloPort}");
        silo.Configure<ClusterMembershipOptions>(options => Watch(options, TimeSpan.FromSeconds(member.FailureDetectionSeconds)));

        // An account on another silo says so when it cannot reach the ledger; otherwise its caller would only hear that there is no codec for it.
        silo.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(nameof(AIOrleans)));
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(member.ResponseTimeoutSeconds));
    }

    /// <summary>How silos watch each other.</summary>
    /// <remarks>
    /// A silo that does not answer three probes is declared dead, and so is one that answers and writes no heartbeats: see <see cref="SilentSilos"/>. When all
    /// of them died nobody is left to do so: see <see cref="AbandonedEntries"/>. By Orleans' defaults the first takes a quarter of a minute.
    /// </remarks>
    private static void Watch(ClusterMembershipOptions options, TimeSpan silence)
    {
        options.NumMissedProbesLimit = ProbesMissedMax;
        TimeSpan probe = silence / ProbesMissedMax;
        options.ProbeTimeout = probe;
        options.NumMissedTableIAmAliveLimit = HeartbeatsMissedMax;
        options.IAmAliveTablePublishTimeout = silence / HeartbeatsMissedMax;
        options.TableRefreshTimeout = silence;

        // By name: newer versions of Orleans alone have it, let probes take four times as long, and count for alive whoever sent anything within three of those.
        new ConfigurationBuilder().AddInMemoryCollection([new("MaxProbeTimeout", $"{probe:c}")]).Build().Bind(options);
    }

    private static void Remember(ISiloBuilder silo, string connectionString)
    {
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connectionString;
        });
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connectionString;
        });
        silo.AddAdoNetGrainStorageAsDefault(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connectionString;
            options.GrainStorageSerializer = new JsonStateSerializer();
        });

        // Implicit subscriptions only, so no table of subscribers is needed. A lost event loses nothing: readers catch up from the ledger.
        silo.AddMemoryStreams(UsageStream.Provider, streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly));
    }
}
