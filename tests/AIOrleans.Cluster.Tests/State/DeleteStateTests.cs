using AIOrleans.Cluster.Tests.Grains;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace AIOrleans.Cluster.Tests.State;

/// <summary>The other way to clear, which removes the row; the host does not use it, but the statement is there.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class DeleteStateTests(Database database)
{
    [PostgresFact]
    public async Task Deleting_needs_the_current_version_and_leaves_no_row()
    {
        SiloSettings settings = SiloSettings.Of(database, $"delete-{Guid.NewGuid():N}");
        await using SiloInProcess silo = await SiloInProcess.StartAsync(settings, builder =>
            builder.Services.Configure<AdoNetGrainStorageOptions>("Default", options => options.DeleteStateOnClear = true));
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("Default");
        GrainId grain = GrainId.Create("note", "user:acme.eng.dev");
        var state = new GrainState<NoteState>(new NoteState { Text = "one" });
        await storage.WriteStateAsync("note", grain, state);
        var older = new GrainState<NoteState>(new NoteState());
        await storage.ReadStateAsync("note", grain, older);
        await storage.WriteStateAsync("note", grain, state);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", grain, older));
        await storage.ClearStateAsync("note", grain, state);

        Assert.Equal(0L, await database.ReadAsync("SELECT count(*) FROM orleans_state WHERE service_id = $1", settings.ServiceId));
    }
}
