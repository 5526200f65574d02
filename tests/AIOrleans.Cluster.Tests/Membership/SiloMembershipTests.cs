using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Membership;

/// <summary>Silos that come, go and die, one of them in the test process and the others in processes of their own.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class SiloMembershipTests(Database database)
{
    /// <summary>What starting a silo takes on a busy machine.</summary>
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(15);

    [PostgresFact]
    public async Task Three_silos_find_each_other_and_one_leaves_in_order()
    {
        string cluster = $"leave-{Guid.NewGuid():N}";
        await using SiloInProcess first = await SiloInProcess.StartAsync(SiloSettings.Of(database, cluster));
        using SiloProcess second = await SiloProcess.StartAsync(SiloSettings.Of(database, cluster));
        using SiloProcess third = await SiloProcess.StartAsync(SiloSettings.Of(database, cluster));
        await first.SeesActiveAsync(3);

        Assert.Equal(0, await second.LeaveAsync());

        await first.SeesActiveAsync(2);
        Assert.Equal(SiloStatus.Dead, (await first.StatusesAsync())[second.Address]);
        Assert.Equal(SiloStatus.Active, (await first.StatusesAsync())[third.Address]);

        // Whoever leaves says so itself: nobody else had to suspect it.
        Assert.Equal([second.Address], await SuspectingAsync(cluster, second));
    }

    [PostgresFact]
    public async Task A_killed_silo_is_declared_dead_by_the_others()
    {
        string cluster = $"kill-{Guid.NewGuid():N}";
        await using SiloInProcess first = await SiloInProcess.StartAsync(SiloSettings.Of(database, cluster));
        using SiloProcess second = await SiloProcess.StartAsync(SiloSettings.Of(database, cluster));
        using SiloProcess third = await SiloProcess.StartAsync(SiloSettings.Of(database, cluster));
        await first.SeesActiveAsync(3);

        await second.KillAsync();

        await first.SeesActiveAsync(2);
        Assert.Equal(SiloStatus.Dead, (await first.StatusesAsync())[second.Address]);
        Assert.DoesNotContain(second.Address, await SuspectingAsync(cluster, second));
    }

    [PostgresFact]
    public async Task Of_two_silos_the_survivor_goes_on_alone()
    {
        string cluster = $"alone-{Guid.NewGuid():N}";
        await using SiloInProcess first = await SiloInProcess.StartAsync(SiloSettings.Of(database, cluster));
        using SiloProcess second = await SiloProcess.StartAsync(SiloSettings.Of(database, cluster));
        await first.SeesActiveAsync(2);

        await second.KillAsync();

        await first.SeesActiveAsync(1);
    }

    [PostgresFact]
    public async Task A_killed_silo_comes_back_at_its_address()
    {
        string cluster = $"back-{Guid.NewGuid():N}";
        SiloSettings settings = SiloSettings.Of(database, cluster);
        await using SiloInProcess first = await SiloInProcess.StartAsync(SiloSettings.Of(database, cluster));
        using SiloProcess before = await SiloProcess.StartAsync(settings);
        await first.SeesActiveAsync(2);
        await before.KillAsync();

        using SiloProcess after = await SiloProcess.StartAsync(settings);

        await first.SeesActiveAsync(2);
        IReadOnlyDictionary<SiloAddress, SiloStatus> statuses = await first.StatusesAsync();
        Assert.Equal(SiloStatus.Dead, statuses[before.Address]);
        Assert.Equal(SiloStatus.Active, statuses[after.Address]);
    }

    [PostgresFact]
    public async Task After_all_were_killed_one_alone_comes_up_within_five_detections()
    {
        string cluster = $"all-{Guid.NewGuid():N}";
        SiloSettings first = SiloSettings.Of(database, cluster);
        using SiloProcess a = await SiloProcess.StartAsync(first);
        using SiloProcess b = await SiloProcess.StartAsync(SiloSettings.Of(database, cluster));
        using SiloProcess c = await SiloProcess.StartAsync(SiloSettings.Of(database, cluster));
        await Task.WhenAll(a.KillAsync(), b.KillAsync(), c.KillAsync());
        long killedStamp = TimeProvider.System.GetTimestamp();

        await using SiloInProcess alone = await SiloInProcess.StartAsync(first);

        TimeSpan took = TimeProvider.System.GetElapsedTime(killedStamp);
        Assert.True(took < TimeSpan.FromSeconds(SiloSettings.FailureDetectionSeconds) * 5 + StartMax, $"It took {took}.");
        await alone.SeesActiveAsync(1);
    }

    /// <summary>Who said that <paramref name="silo"/> is gone.</summary>
    private async Task<SiloAddress[]> SuspectingAsync(string cluster, SiloProcess silo)
    {
        object? text = await database.ReadAsync(
            "SELECT suspect_times FROM orleans_silo WHERE cluster_id = $1 AND port = $2 AND generation = $3",
            cluster, silo.Address.Endpoint.Port, silo.Address.Generation);
        return [.. Assert.IsType<string>(text).Split('|').Select(suspicion => SiloAddress.FromParsableString(suspicion.Split(',')[0]))];
    }
}
