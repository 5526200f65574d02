using AIOrleans.Cluster.Tests.Grains;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;

namespace AIOrleans.Cluster.Tests.Reminders;

/// <summary>Reminders of grains on several silos.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class ReminderAcrossSilosTests(Database database)
{
    [PostgresFact]
    public async Task Reminders_ring_on_whichever_silo_survives()
    {
        const int Count = 12;
        string cluster = $"ring-{Guid.NewGuid():N}";
        await using SiloInProcess first = await SiloInProcess.StartAsync(SiloSettings.Of(database, cluster));
        using SiloProcess second = await SiloProcess.StartAsync(SiloSettings.Of(database, cluster));
        await first.SeesActiveAsync(2);
        IAlarmGrain[] alarms = [.. Enumerable.Range(0, Count).Select(i => first.Grains.GetGrain<IAlarmGrain>($"alarm-{i}"))];
        await Task.WhenAll(alarms.Select(alarm => alarm.SetAsync(TimeSpan.FromSeconds(1))));
        await RingAsync(alarms);

        await second.KillAsync();
        await first.SeesActiveAsync(1);

        await RingAsync(alarms);
        Assert.All(await Task.WhenAll(alarms.Select(alarm => alarm.SiloAsync())), place => Assert.Equal(first.Address, place));
        Assert.All(await Task.WhenAll(alarms.Select(alarm => alarm.UnsetAsync())), Assert.True);
        Assert.Equal(0L, await database.ReadAsync("SELECT count(*) FROM orleans_reminder WHERE service_id = $1", cluster));
    }

    /// <summary>Waits until each alarm rang once more.</summary>
    private static async Task RingAsync(IAlarmGrain[] alarms)
    {
        int[] before = await Task.WhenAll(alarms.Select(alarm => alarm.RingsAsync()));
        await Eventually.Async(
            async () => (await Task.WhenAll(alarms.Select(alarm => alarm.RingsAsync()))).Zip(before).Count(pair => pair.First > pair.Second),
            count => count == alarms.Length,
            "every alarm to ring");
    }
}
