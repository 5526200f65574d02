using AIOrleans.Cluster.Tests.Grains;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.State;

/// <summary>Grains with state, spread over silos.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class StateAcrossSilosTests(Database database)
{
    [PostgresFact]
    public async Task Grains_of_a_killed_silo_wake_elsewhere_with_their_state()
    {
        const int Count = 40;
        string cluster = $"wake-{Guid.NewGuid():N}";
        await using SiloInProcess first = await SiloInProcess.StartAsync(SiloSettings.Of(database, cluster));
        using SiloProcess second = await SiloProcess.StartAsync(SiloSettings.Of(database, cluster));
        await first.SeesActiveAsync(2);
        INoteGrain[] notes = [.. Enumerable.Range(0, Count).Select(i => first.Grains.GetGrain<INoteGrain>($"note-{i}"))];
        foreach (INoteGrain note in notes)
        {
            await Place.OnAsync(second.Address, () => note.WriteAsync("kept"));
        }

        SiloAddress[] places = await Task.WhenAll(notes.Select(note => note.SiloAsync()));
        Assert.Contains(second.Address, places);
        await second.KillAsync();
        await first.SeesActiveAsync(1);

        Assert.All(await Task.WhenAll(notes.Select(note => note.ReadAsync())), text => Assert.Equal("kept", text));
        Assert.All(await Task.WhenAll(notes.Select(note => note.SiloAsync())), place => Assert.Equal(first.Address, place));
    }
}
