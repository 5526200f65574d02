using System.Data.Common;
using AIOrleans.Core.Silos;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace AIOrleans.Host.Silo;

/// <summary>Declares those silos dead that answer, and write no heartbeat: they cannot reach the database, and neither can the accounts that live on them.</summary>
/// <remarks>
/// Only who reads the table again and again finds a heartbeat standing still, and only who reaches the database can declare anything: when it is away for all,
/// nobody is declared dead, and after it has come back each gets the whole time anew. Whoever is declared dead stops; its accounts come to life on the others.
/// Whoever could not read for so long may have been declared dead itself: it gets no calls until it knows, or each of its calls would take accounts from the living.
/// </remarks>
internal sealed class SilentSilos(
    IMembershipTable table,
    IClusterMembershipService membership,
    ILocalSiloDetails self,
    IOptions<ClusterMembershipOptions> options,
    SiloStanding standing,
    TimeProvider time,
    ILogger<SilentSilos> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TimeSpan silenceMax = options.Value.IAmAliveTablePublishTimeout * options.Value.NumMissedTableIAmAliveLimit;
    private readonly CancellationTokenSource stopping = new();

    // What was read last of each other silo, and since when it has been the same.
    private readonly Dictionary<SiloAddress, (DateTime HeartbeatAt, long SinceTimestamp)> seen = [];
    private Task looking = Task.CompletedTask;
    private long readTimestamp = time.GetTimestamp();

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(SilentSilos), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        looking = LookAsync(stopping.Token);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
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
            // This silo stops.
        }
    }

    private async Task TryDeclareAsync(CancellationToken stop)
    {
        long startedStamp = time.GetTimestamp();
        try
        {
            MembershipTableData read = await table.ReadAll().WaitAsync(silenceMax, time, stop);
            if (time.GetElapsedTime(startedStamp) > Pause)
            {
                // A database that answers so late may have kept the others' heartbeats waiting too.
                seen.Clear();
            }

            MembershipEntry[] members = [.. read.Members.Select(member => member.Item1)];
            await LearnAsync(members.FirstOrDefault(entry => entry.SiloAddress.Equals(self.SiloAddress)), read.Version, stop);
            foreach (SiloAddress silent in FindSilent(members))
            {
                SiloLog.Silent(logger, silent.ToString(), silenceMax.TotalSeconds);
                await membership.TryKill(silent).WaitAsync(silenceMax, time, stop);
            }
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or OrleansException)
        {
            // Whoever cannot read cannot tell who does not write.
            seen.Clear();
            SiloLog.TableUnread(logger, exception.Message);
            if (time.GetElapsedTime(readTimestamp) > silenceMax)
            {
                standing.Doubt = "the other silos may have given this one up: the table of silos cannot be read";
            }
        }
    }

    /// <summary>What the others think of this silo.</summary>
    private async Task LearnAsync(MembershipEntry? own, TableVersion version, CancellationToken stop)
    {
        readTimestamp = time.GetTimestamp();
        if (own?.Status != SiloStatus.Dead)
        {
            standing.Doubt = null;
            return;
        }

        // Orleans stops this process as soon as it knows too.
        standing.Doubt = "the other silos have given this one up";
        await membership.Refresh(new MembershipVersion(version.Version), stop).AsTask().WaitAsync(silenceMax, time, stop);
    }

    private List<SiloAddress> FindSilent(IReadOnlyList<MembershipEntry> members)
    {
        List<SiloAddress> silent = [];
        MembershipEntry[] others = [.. members.Where(entry => entry.Status == SiloStatus.Active && !entry.SiloAddress.Equals(self.SiloAddress))];
        foreach (SiloAddress gone in seen.Keys.Except(others.Select(entry => entry.SiloAddress)).ToArray())
        {
            seen.Remove(gone);
        }

        foreach (MembershipEntry entry in others)
        {
            if (!seen.TryGetValue(entry.SiloAddress, out (DateTime HeartbeatAt, long SinceTimestamp) last) || last.HeartbeatAt != entry.IAmAliveTime)
            {
                seen[entry.SiloAddress] = (entry.IAmAliveTime, time.GetTimestamp());
            }
            else if (time.GetElapsedTime(last.SinceTimestamp) > silenceMax)
            {
                silent.Add(entry.SiloAddress);
            }
        }

        return silent;
    }
}
