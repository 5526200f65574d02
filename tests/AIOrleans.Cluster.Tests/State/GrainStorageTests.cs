using AIOrleans.Cluster.Tests.Grains;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace AIOrleans.Cluster.Tests.State;

/// <summary>What Orleans' persistent state needs of its table, by the storage provider that the host registers.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class GrainStorageTests(Database database) : IAsyncLifetime
{
    private const string StateName = "note";

    private SiloInProcess? silo;

    // ! Set by InitializeAsync before any test that is not skipped.
    private IGrainStorage Storage => silo!.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            silo = await SiloInProcess.StartAsync(SiloSettings.Of(database, $"state-{Guid.NewGuid():N}"));
        }
    }

    public async Task DisposeAsync()
    {
        if (silo is not null)
        {
            await silo.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task State_is_read_as_it_was_written_and_each_write_has_a_new_version()
    {
        GrainId grain = NewGrain();
        var written = new GrainState<NoteState>(new NoteState { Text = "one", Day = DayOfWeek.Friday });
        await Storage.WriteStateAsync(StateName, grain, written);
        string? first = written.ETag;
        await Storage.WriteStateAsync(StateName, grain, written);

        GrainState<NoteState> read = await ReadAsync(grain);

        Assert.True(read.RecordExists);
        Assert.Equal(("one", (DayOfWeek?)DayOfWeek.Friday), (read.State?.Text, read.State?.Day));
        Assert.Equal(written.ETag, read.ETag);
        Assert.NotEqual(first, read.ETag);
    }

    [PostgresFact]
    public async Task Nothing_is_read_where_nothing_was_written()
    {
        GrainState<NoteState> read = await ReadAsync(NewGrain());

        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
    }

    [PostgresFact]
    public async Task Of_two_first_writers_one_is_refused()
    {
        GrainId grain = NewGrain();
        GrainState<NoteState>[] writers = [.. Enumerable.Range(0, 8).Select(i => new GrainState<NoteState>(new NoteState { Text = $"{i}" }))];

        bool[] succeeded = await Task.WhenAll(writers.Select(writer => TryAsync(() => Storage.WriteStateAsync(StateName, grain, writer))));

        int winner = Array.IndexOf(succeeded, true);
        Assert.Single(succeeded, won => won);
        Assert.Equal($"{winner}", (await ReadAsync(grain)).State?.Text);
    }

    [PostgresFact]
    public async Task Of_many_writers_of_one_version_all_but_one_are_refused()
    {
        GrainId grain = NewGrain();
        await Storage.WriteStateAsync(StateName, grain, new GrainState<NoteState>(new NoteState { Text = "begin" }));
        GrainState<NoteState>[] writers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(grain)));

        bool[] succeeded = await Task.WhenAll(writers.Select(writer => TryAsync(() => Storage.WriteStateAsync(StateName, grain, writer))));

        Assert.Single(succeeded, won => won);
        Assert.Equal("2", (await ReadAsync(grain)).ETag);
    }

    [PostgresFact]
    public async Task Cleared_state_is_gone_and_its_old_version_is_refused()
    {
        GrainId grain = NewGrain();
        var state = new GrainState<NoteState>(new NoteState { Text = "one" });
        await Storage.WriteStateAsync(StateName, grain, state);
        GrainState<NoteState> older = await ReadAsync(grain);

        await Storage.ClearStateAsync(StateName, grain, state);

        Assert.False((await ReadAsync(grain)).RecordExists);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(StateName, grain, older));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync(StateName, grain, older));
    }

    [PostgresFact]
    public async Task Cleared_state_can_be_written_anew()
    {
        GrainId grain = NewGrain();
        var state = new GrainState<NoteState>(new NoteState { Text = "one" });
        await Storage.WriteStateAsync(StateName, grain, state);
        await Storage.ClearStateAsync(StateName, grain, state);

        state.State = new NoteState { Text = "two" };
        await Storage.WriteStateAsync(StateName, grain, state);

        Assert.Equal("two", (await ReadAsync(grain)).State?.Text);
    }

    [PostgresFact]
    public async Task Keys_that_look_alike_are_kept_apart()
    {
        Guid guid = Guid.NewGuid();
        GrainId[] grains =
        [
            GrainId.Create(GrainType.Create("note"), GrainIdKeyExtensions.CreateIntegerKey(7)),
            GrainId.Create(GrainType.Create("note"), GrainIdKeyExtensions.CreateIntegerKey(7, "x")),
            GrainId.Create(GrainType.Create("note"), GrainIdKeyExtensions.CreateGuidKey(guid)),
            GrainId.Create(GrainType.Create("note"), GrainIdKeyExtensions.CreateGuidKey(guid, "x")),
            GrainId.Create("note", "user:acme.eng.dev"),
        ];
        foreach (GrainId grain in grains)
        {
            await Storage.WriteStateAsync(StateName, grain, new GrainState<NoteState>(new NoteState { Text = grain.ToString() }));
        }

        await Storage.WriteStateAsync("other", grains[0], new GrainState<NoteState>(new NoteState { Text = "other" }));

        foreach (GrainId grain in grains)
        {
            string? text = (await ReadAsync(grain)).State?.Text;
            Assert.Equal(grain.ToString(), text);
        }
    }

    [PostgresFact]
    public async Task Saved_state_names_no_CLR_type()
    {
        GrainId grain = NewGrain();
        await Storage.WriteStateAsync(StateName, grain, new GrainState<NoteState>(new NoteState { Text = "one", Day = DayOfWeek.Friday }));

        object? payload = await database.ReadAsync(
            "SELECT convert_from(payload, 'UTF8') FROM orleans_state WHERE id_extension = $1", grain.Key.ToString() ?? "");

        Assert.Equal("""{"Text":"one","Day":"Friday"}""", payload);
    }

    private static GrainId NewGrain() => GrainId.Create("note", $"user:acme.eng.{Guid.NewGuid():N}!");

    private static async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private async Task<GrainState<NoteState>> ReadAsync(GrainId grain)
    {
        var state = new GrainState<NoteState>(new NoteState());
        await Storage.ReadStateAsync(StateName, grain, state);
        return state;
    }
}
