using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace AIOrleans.Host.Silo;

/// <summary>While this silo joins, declares those dead that stand as active in the table, write no heartbeat any more, and let nobody connect.</summary>
/// <remarks>
/// A silo joins only when every active one answers it. The living declare the dead so; after all have died nobody is left who would, and Orleans
/// looks for old heartbeats only when the table changes. Whoever lives and is taken for dead all the same stops itself, and its accounts are fenced.
/// </remarks>
internal sealed class AbandonedEntries : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>A silo that lives takes connections at once, however busy it is: its system does.</summary>
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(2);

    private readonly IMembershipTable table;
    private readonly IClusterMembershipService membership;
    private readonly ILocalSiloDetails self;
    private readonly TimeProvider time;
    private readonly ILogger<AbandonedEntries> logger;
    private readonly TimeSpan silenceMax;
    private readonly TableWatch watch;

    public AbandonedEntries(
        IMembershipTable table, IClusterMembershipService membership, ILocalSiloDetails self, IOptions<ClusterMembershipOptions> options, TimeProvider time,
        ILogger<AbandonedEntries> logger)
    {
        this.table = table;
        this.membership = membership;
        this.self = self;
        this.time = time;
        this.logger = logger;
        silenceMax = TableWatch.SilenceMaxOf(options.Value);
        watch = new TableWatch(DeclareAsync, () => { }, time, logger);
    }

    public void Participate(ISiloLifecycle lifecycle)
    {
        // Not awaited: what it does is what lets the next stage end.
        lifecycle.Subscribe(nameof(AbandonedEntries), ServiceLifecycleStage.AfterRuntimeGrainServices, watch.StartAsync, watch.StopAsync);
        lifecycle.Subscribe(nameof(AbandonedEntries), ServiceLifecycleStage.Active, watch.StopAsync, _ => Task.CompletedTask);
    }

    private async Task DeclareAsync(CancellationToken stop)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        foreach ((MembershipEntry entry, _) in (await table.ReadAll()).Members)
        {
            if (IsSilent(entry, now) && !await CanConnectAsync(entry.SiloAddress.Endpoint, stop))
            {
                SiloLog.Abandoned(logger, entry.SiloAddress.ToString(), entry.IAmAliveTime);
                await membership.TryKill(entry.SiloAddress);
            }
        }
    }

    private bool IsSilent(MembershipEntry entry, DateTime now) =>
        entry.Status == SiloStatus.Active
        && !entry.SiloAddress.Equals(self.SiloAddress)
        && now - entry.IAmAliveTime > silenceMax
        && now - entry.StartTime > silenceMax;

    private async Task<bool> CanConnectAsync(IPEndPoint endpoint, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(ConnectMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
