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
internal sealed class SilentSilos : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>A database that answers later may have kept the others' heartbeats waiting too.</summary>
    private static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(1);

    private readonly IMembershipTable table;
    private readonly IClusterMembershipService membership;
    private readonly ILocalSiloDetails self;
    private readonly SiloStanding standing;
    private readonly TimeProvider time;
    private readonly ILogger<SilentSilos> logger;
    private readonly TimeSpan silenceMax;
    private readonly TableWatch watch;

    // What was read last of each other silo, and since when it has been the same.
    private readonly Dictionary<SiloAddress, (DateTime HeartbeatAt, long SinceTimestamp)> seen = [];
    private long readTimestamp;

    public SilentSilos(
        IMembershipTable table, IClusterMembershipService membership, ILocalSiloDetails self, IOptions<ClusterMembershipOptions> options, SiloStanding standing,
        TimeProvider time, ILogger<SilentSilos> logger)
    {
        this.table = table;
        this.membership = membership;
        this.self = self;
        this.standing = standing;
        this.time = time;
        this.logger = logger;
        silenceMax = TableWatch.SilenceMaxOf(options.Value);
        readTimestamp = time.GetTimestamp();
        watch = new TableWatch(DeclareAsync, Forget, time, logger);
    }

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(SilentSilos), ServiceLifecycleStage.Active, watch.StartAsync, watch.StopAsync);

    private async Task DeclareAsync(CancellationToken stop)
    {
        long startedStamp = time.GetTimestamp();
        MembershipTableData read = await table.ReadAll().WaitAsync(silenceMax, time, stop);
        if (time.GetElapsedTime(startedStamp) > ReadMax)
        {
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

    /// <summary>Whoever cannot read cannot tell who does not write.</summary>
    private void Forget()
    {
        seen.Clear();
        if (time.GetElapsedTime(readTimestamp) > silenceMax)
        {
            standing.Doubt = "the other silos may have given this one up: the table of silos cannot be read";
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
