using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Grains;

/// <summary>Keeps a text in grain storage.</summary>
[Alias("tests.note")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string text);

    [Alias("read")]
    Task<string?> ReadAsync();

    [Alias("clear")]
    Task ClearAsync();

    [Alias("silo")]
    Task<SiloAddress> SiloAsync();
}

/// <summary>State of <see cref="NoteGrain"/>.</summary>
public sealed class NoteState
{
    public string? Text { get; set; }

    public DayOfWeek Day { get; set; }
}

internal sealed class NoteGrain([PersistentState("note")] IPersistentState<NoteState> state, ILocalSiloDetails silo) : Grain, INoteGrain
{
    public async Task WriteAsync(string text)
    {
        state.State.Text = text;
        state.State.Day = DayOfWeek.Friday;
        await state.WriteStateAsync();
    }

    public Task<string?> ReadAsync() => Task.FromResult(state.RecordExists ? state.State.Text : null);

    public Task ClearAsync() => state.ClearStateAsync();

    public Task<SiloAddress> SiloAsync() => Task.FromResult(silo.SiloAddress);
}
