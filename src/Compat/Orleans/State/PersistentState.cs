using Orleans.Compat.Activations;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Compat.State;

/// <summary>Is read before its grain is activated.</summary>
internal interface IStateToLoad
{
    Task LoadAsync();
}

/// <summary>One record of one activation.</summary>
/// <remarks>Guarded by the grain's turns. Operations on the store run one after the other in the order they were asked for.</remarks>
internal sealed class PersistentState<TState> : IPersistentState<TState>, IStateToLoad
{
    private readonly GrainState<TState> record = new(NewState.Of<TState>());
    private readonly string name;
    private readonly Activation activation;
    private readonly IGrainStorage storage;
    private Task last = Task.CompletedTask;

    internal PersistentState(string name, Activation activation, IGrainStorage storage)
    {
        this.name = name;
        this.activation = activation;
        this.storage = storage;
    }

    public TState State
    {
        // ! Null only when the grain has set it so.
        get => record.State!;
        set => record.State = value;
    }

    public string? Etag => record.ETag;

    public bool RecordExists => record.RecordExists;

    public Task LoadAsync() => ReadStateAsync();

    public Task ReadStateAsync() => last = AfterAsync(last, () => storage.ReadStateAsync(name, activation.GrainId, record));

    public Task WriteStateAsync() => last = AfterAsync(last, () => storage.WriteStateAsync(name, activation.GrainId, record));

    public Task ClearStateAsync() => last = AfterAsync(last, () => storage.ClearStateAsync(name, activation.GrainId, record));

    private static Task AfterAsync(Task before, Func<Task> operation)
    {
        return before.IsCompleted ? operation() : WaitAsync();

        async Task WaitAsync()
        {
            // The earlier one's failure belongs to whoever asked for it.
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await operation();
        }
    }
}
