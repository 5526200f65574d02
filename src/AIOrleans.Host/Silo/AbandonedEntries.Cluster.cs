using System.Data.Common;
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
internal sealed class AbandonedEntries(
    IMembershipTable table,
    IClusterMembershipService membership,
    ILocalSiloDetails self,
    IOptions<ClusterMembershipOptions> options,
    TimeProvider time,
    ILogger<AbandonedEntries> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A silo that lives takes connections at once, however busy it is: its system does.</summary>
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(2);

    private readonly TimeSpan silenceMax = options.Value.IAmAliveTablePublishTimeout * options.Value.NumMissedTableIAmAliveLimit;
    private readonly CancellationTokenSource joined = new();
    private Task looking = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        // Not awaited: what it does is what lets the next stage end.
        lifecycle.Subscribe(nameof(AbandonedEntries), ServiceLifecycleStage.AfterRuntimeGrainServices, StartAsync, StopAsync);
        lifecycle.Subscribe(nameof(AbandonedEntries), ServiceLifecycleStage.Active, StopAsync, _ => Task.CompletedTask);
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        looking = LookAsync(joined.Token);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await joined.CancelAsync();
        await looking;
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            using var timer = new PeriodicTimer(Pause, time);
            while (await timer.WaitForNextTickAsync(stop))
            {
                await TryDeclareAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // This silo has joined, or never will.
        }
    }

    private async Task TryDeclareAsync(CancellationToken stop)
    {
        try
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
        catch (Exception exception) when (exception is DbException or TimeoutException or OrleansException)
        {
            SiloLog.TableUnread(logger, exception.Message);
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
