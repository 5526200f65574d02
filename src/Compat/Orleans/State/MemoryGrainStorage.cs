using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Compat.State;

/// <summary>Keeps records for as long as the process lives, written as they would be to disk so that nobody shares an object with the store.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string State, GrainId Grain), Record> records = new();
    private long version;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Record? stored = records.GetValueOrDefault((stateName, grainId));
        grainState.State = stored is null ? NewState.Of<T>() : StateJson.Read<T>(stored.Json);
        grainState.ETag = stored?.ETag;
        grainState.RecordExists = stored is not null;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Record written = new(StateJson.Write(grainState.State), Interlocked.Increment(ref version).ToString(CultureInfo.InvariantCulture));
        if (!TryReplace((stateName, grainId), grainState.ETag, written))
        {
            return Task.FromException(Conflict(stateName, grainId, grainState.ETag));
        }

        grainState.ETag = written.ETag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!TryReplace((stateName, grainId), grainState.ETag, null))
        {
            return Task.FromException(Conflict(stateName, grainId, grainState.ETag));
        }

        grainState.State = NewState.Of<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private bool TryReplace((string State, GrainId Grain) key, string? expected, Record? next)
    {
        if (!records.TryGetValue(key, out Record? stored))
        {
            return expected is null && (next is null || records.TryAdd(key, next));
        }

        return stored.ETag == expected && (next is null ? records.TryRemove(KeyValuePair.Create(key, stored)) : records.TryUpdate(key, next, stored));
    }

    private InconsistentStateException Conflict(string stateName, GrainId grainId, string? expected) =>
        new($"State '{stateName}' of {grainId} was changed by somebody else since it was read.", records.GetValueOrDefault((stateName, grainId))?.ETag, expected);

    private sealed record Record(string Json, string ETag);
}
